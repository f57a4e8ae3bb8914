package io.github.sequinroutes.examples;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/moving-over.md, with its own statements, beside a worker like that for Drizzle. */
@Tag("postgres")
class MovingOverTest {
    private static final Path EXAMPLE = Path.of("examples/workers/drizzle");
    private static final Path DOCUMENT = Path.of("docs/moving-over.md");
    private static final Pattern BLOCK = Pattern.compile("(?:^ {4,}\\S.*\\n)+", Pattern.MULTILINE);

    /** What the worker does with each record: without a guard, and whether or not it is deleted. */
    private static final String WORKER = """
            insert into subscription
              (id, upstream_id, internal_id, updated_at, inserted_at, updated_idx, stripe_customer_id, plan_id, quantity)
            select r->>'id', r->>'upstream_id', r#>>'{sync,external_id}', now(), '2020-01-01', (r->>'updated_idx')::bigint,
              r#>>'{data,customer}', r#>>'{data,plan,id}', (r#>>'{data,quantity}')::integer
            from (select ?::jsonb as r) as record
            on conflict (id) do update set
              upstream_id = excluded.upstream_id, internal_id = excluded.internal_id, updated_at = excluded.updated_at,
              updated_idx = excluded.updated_idx, stripe_customer_id = excluded.stripe_customer_id,
              plan_id = excluded.plan_id, quantity = excluded.quantity""";

    private static final String A1 = record("a", 1, false);
    private static final String A2 = record("a", 2, false);
    private static final String B1 = record("b", 1, false);
    private static final String C1 = record("c", 1, false);
    private static final String D1 = record("d", 1, false);
    private static final String D2 = record("d", 2, true);

    private TestBundle bundle;

    private static String record(String id, long version, boolean deleted) {
        return TestRecord.of(
                "stripe:subscription",
                id,
                version,
                deleted,
                "{\"customer\": \"cus-%s\", \"plan\": {\"id\": \"gold\"}, \"quantity\": %d}".formatted(id, version));
    }

    private static List<String> blocks(Path document, String start) throws Exception {
        return BLOCK.matcher(Files.readString(document))
                .results()
                .map(block -> block.group().stripIndent().strip())
                .filter(block -> block.startsWith(start))
                .toList();
    }

    private static String block(String start) throws Exception {
        List<String> blocks = blocks(DOCUMENT, start);
        assertEquals(1, blocks.size(), start);
        return blocks.get(0);
    }

    @BeforeEach
    void begin() throws Exception {
        bundle = new TestBundle();
    }

    @AfterEach
    void end() throws Exception {
        bundle.close();
    }

    private void worker(String... records) throws Exception {
        try (Connection connection = bundle.database().connect();
                PreparedStatement statement = connection.prepareStatement(WORKER)) {
            for (String record : records) {
                statement.setString(1, record);
                statement.execute();
            }
        }
    }

    private void writeTemplatesFor(String table) throws Exception {
        for (String ending : List.of(".upsert.sql", ".delete.sql", ".camel.yaml")) {
            String file = "stripe-subscription" + ending;
            String text = Files.readString(EXAMPLE.resolve("routes/collections").resolve(file));
            Files.writeString(
                    bundle.routes().resolve("collections").resolve(file),
                    text.replace(" subscription ", " " + table + " "));
        }
    }

    private List<String> differences() throws Exception {
        return bundle.database().rows(block("select") + " order by 1");
    }

    @Test
    void fromTheFirstCopyToTheLastRow() throws Exception {
        TestDatabase database = bundle.database();
        database.execute(Files.readString(EXAMPLE.resolve("schema.sql")).replace("  \"updated_idx\" bigint,\n", ""));
        for (String alter : blocks(DOCUMENT, "alter table")) {
            database.execute(alter);
        }
        worker(A1, B1, D1, A2, D2);

        database.execute(block("create table"));
        writeTemplatesFor("subscription_copy");
        bundle.offer(A2, B1, C1, D2).start().awaitDrained();
        assertEquals(List.of(), bundle.deadLetters());
        assertEquals(List.of("c|copy|~|1", "d|old|2|~"), differences());

        worker(C1, A1);
        assertEquals(List.of("a|~|1|2", "d|old|2|~"), differences(), "what the worker has written too late");

        bundle.standalone().close();
        writeTemplatesFor("subscription");
        SandboxConsumer consumer = bundle.server().consumer("take-over", Duration.ofSeconds(30), 10_000);
        List.of(A2, B1, C1, D2).forEach(consumer::offerAsIs);
        bundle.set("sequin.consumer", "take-over").start();
        await().until(() -> consumer.left() == 0);
        assertEquals(List.of(), differences());
        assertEquals(
                List.of("a|2|2|2020-01-01 00:00:00", "b|1|1|2020-01-01 00:00:00", "c|1|1|2020-01-01 00:00:00"),
                database.rows("select id, updated_idx, quantity, inserted_at from subscription order by id"));
        database.execute(block("drop table"));
        assertEquals("~", database.value("select to_regclass('subscription_copy')"));
    }

    /** The one statement in the READMEs of the workers. */
    @Test
    void theStatementForEcto() throws Exception {
        TestDatabase database = bundle.database();
        Path ecto = Path.of("examples/workers/ecto");
        database.execute("drop schema stripe cascade;" + Files.readString(ecto.resolve("schema.sql")));
        database.execute("alter table stripe.subscriptions alter column plan_id drop not null");
        List<String> statements = blocks(ecto.resolve("README.md"), "alter table");
        assertEquals(1, statements.size());
        database.execute(statements.get(0));
        assertEquals(
                "t",
                database.value("select attnotnull from pg_attribute"
                        + " where attrelid = 'stripe.subscriptions'::regclass and attname = 'plan_id'"));
    }
}
