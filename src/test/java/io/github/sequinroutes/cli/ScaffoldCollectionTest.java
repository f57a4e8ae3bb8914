package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.sandbox.Requests;
import io.github.sequinroutes.sandbox.SampleRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code scaffold stripe:subscription}: from nothing to the first row, with one command. */
@Tag("postgres")
class ScaffoldCollectionTest {
    private static final String SUBSCRIPTION = """
            {"id": "up-%s", "object": "subscription", "customer": "cus_NffrFeUfNV2Hib", "created": 1767225600,
             "canceled_at": null, "cancel_at_period_end": false, "currentPeriodEnd": 1769904000123, "quantity": 3,
             "plan": {"id": "plan_1", "amount": 4900}, "items": {"data": [1, "a"]}, "price": 49.90,
             "livemode": "2026-02-03", "seen": "2026-02-03T04:05:06.000007Z", "token": "0B0C7A52-5d0e-4a58-8a3e-9b3b0d6f9a10",
             "order": "A-1", "metadata": {}}""";

    private static final String RECORD = TestRecord.of("stripe:subscription", "a", 2, SUBSCRIPTION.formatted("a"));

    private static String deletion(String collection, String id, long version) {
        return "{\"collection_id\": \"%s\", \"id\": \"%s\", \"updated_idx\": %d, \"deleted\": true}"
                .formatted(collection, id, version);
    }

    /** Checks what has been written, and starts it. */
    private static void start(Replication replication, int templates, String... records) throws Exception {
        assertEquals(
                new Replication.Result(0, List.of("%1$d of %1$d templates can be used.".formatted(templates))),
                replication.run("check"));
        replication.bundle().offer(records).start().awaitDrained();
        assertEquals(List.of(), replication.bundle().deadLetters());
    }

    @Test
    void fromAnEmptyDatabaseToTheFirstRow() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            SampleRecords samples = new SampleRecords(1);
            List<String> records = new ArrayList<>();
            for (int key = 0; key < 60; key++) {
                ObjectNode record = samples.record(key, key);
                records.add(record.toString());
            }
            replication.bundle().offer(records.toArray(String[]::new));
            Replication.Result result = replication.run("scaffold", "stripe:subscription", "github:issue", "--apply");
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "60 messages were received and given back, 36 of them records of"
                                            + " stripe:subscription with data, 6 of them records of github:issue with"
                                            + " data",
                                    "Written schema/stripe-subscription.sql",
                                    "Written schema/github-issue.sql",
                                    "Applied schema/stripe-subscription.sql",
                                    "Applied schema/github-issue.sql",
                                    "Written routes/collections/stripe-subscription.upsert.sql",
                                    "Written routes/collections/stripe-subscription.camel.yaml",
                                    "Written routes/collections/github-issue.upsert.sql",
                                    "Written routes/collections/github-issue.camel.yaml")),
                    result);
            // nothing is acked, and nothing in flight
            assertEquals(60, replication.bundle().consumer().pending());
            replication.bundle().set("sequin.ignore", "stripe:customer");
            start(replication, 2);
            assertEquals("36", replication.target().value("select count(*) from stripe.subscriptions"));
            assertEquals(
                    List.of("sub_60|f|2745327060|cus_30|plan_|A-60"),
                    rowAfter(
                            replication,
                            samples.record(60, 60),
                            "select upstream_id, deleted, updated_idx, customer, left(plan_id, 5), metadata ->> 'order'"
                                    + " from stripe.subscriptions where upstream_id = 'sub_60'"));
            assertEquals("6", replication.target().value("select count(title) from github.issues"));
        }
    }

    /** The file is for other databases as well; but who may create no schema is refused even if it is there. */
    @Test
    void theSchemaIsCreatedWhetherOrNotItIsThere() throws Exception {
        String role = "scaffold_" + UUID.randomUUID().toString().replace("-", "");
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication
                    .target()
                    .execute("create schema acme; create role %1$s login;".formatted(role)
                            + " grant all on schema acme to " + role);
            replication.write("sample.jsonl", TestRecord.of("acme:order", "a", 1, "{\"total\": 1}"));
            String[] command = {
                "scaffold", "acme:order", "--apply", "--force", "--sample", replication.path("sample.jsonl")
            };
            assertEquals(0, replication.run(command).status());
            String ddl = replication.file("schema/acme-order.sql");
            assertTrue(ddl.contains("\ncreate schema if not exists acme;\n"), ddl);

            replication.target().execute("drop table acme.orders");
            String url = replication.target().url().replace("user=postgres", "user=" + role);
            replication.bundle().set("postgres.url", url);
            Replication.Result result = replication.run(command);
            assertEquals(0, result.status(), result.toString());
            assertEquals("0", replication.target().value("select count(*) from acme.orders"));
            replication.target().execute("drop owned by %1$s; drop role %1$s".formatted(role));
        }
    }

    /** The workers have taken the records, and found no collection for them. */
    @Test
    void aBundleThatRunsHasMadeDeadLettersOfThem() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            String[] command = {"scaffold", "acme:order", "--apply"};
            String none =
                    "No record of acme:order with data has come, so its columns are not known: change one at its source"
                            + " and run this again, or give a file with records (--sample), a schema (--schema) or a table"
                            + " that is there (--table)";
            Replication.Result nothing =
                    new Replication.Result(1, List.of("0 messages were received and given back", none));
            // it waits for a third of the lease
            replication.bundle().set("sequin.ack-wait", "6s").set("sequin.wait-for", "2s");
            assertEquals(nothing, replication.run(command)); // there is no table of dead letters yet
            replication
                    .bundle()
                    .offer(
                            TestRecord.of("acme:order", "a", 1, "{\"total\": 7}"),
                            TestRecord.of("acme:order", "b", 1, "{\"note\": \"x\"}"),
                            deletion("acme:order", "c", 1),
                            TestRecord.of("acme:refund", "a", 1, "{\"reason\": \"y\"}"))
                    .start()
                    .awaitDrained();
            replication.bundle().standalone().close();
            Requests requests = replication.bundle().server().requests();
            int before = requests.count(RequestKind.NEXT);
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "0 messages were received and given back",
                                    "3 records of acme:order are dead letters; replay them: replay --collection acme:order",
                                    "Written schema/acme-order.sql",
                                    "Applied schema/acme-order.sql",
                                    "Written routes/collections/acme-order.upsert.sql",
                                    "Written routes/collections/acme-order.camel.yaml")),
                    replication.run(command));
            assertEquals(before + 1, requests.count(RequestKind.NEXT), "nothing is waited for that is known");
            assertEquals(
                    0, replication.run("replay", "--collection", "acme:order").status());
            assertEquals(
                    List.of("a|f|7|~", "b|f|~|x", "c|t|~|~"),
                    replication.target().rows("select id, deleted, total, note from acme.orders order by id"));

            // those that were replayed are no dead letters any more
            for (String file : replication.files()) {
                replication.delete(file);
            }
            replication.target().execute("drop table acme.orders");
            assertEquals(nothing, replication.run(command));
            replication.target().execute("update sequin.dead_letters set replayed_at = null, reason = 'rejected'");
            assertEquals(nothing, replication.run(command));
        }
    }

    /** The record and the names of files that docs/scaffold.md shows. */
    @Test
    void theDocumentsRecordAndNames() throws Exception {
        String document = Files.readString(Path.of("docs/scaffold.md"));
        Matcher record = Pattern.compile("(?m)(?:^ {4}[ {].*\n)+").matcher(document);
        assertTrue(record.find());
        Matcher name = Pattern.compile("`(Acme-Big-Event-[0-9a-f]+)\\.\\*`").matcher(document);
        assertTrue(name.find());
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.write("sample.jsonl", record.group());
            String[] command = {"scaffold", "acme:order", "--apply", "--sample", replication.path("sample.jsonl")};
            assertEquals(0, replication.run(command).status());
            start(replication, 1, record.group());
            assertEquals(
                    List.of("o-17|1|f|c-1|49.90|2026-02-03 04:05:06+00"),
                    replication
                            .target()
                            .rows("select id, updated_idx, deleted, customer_id, total, placed_at from acme.orders"));
            replication.target().execute("create table big (id text primary key, updated_idx bigint, deleted boolean)");
            assertEquals(
                    0,
                    replication
                            .run("scaffold", "Acme:Big-Event", "--table", "public.big")
                            .status());
            assertTrue(
                    replication.files().contains("routes/collections/" + name.group(1) + ".camel.yaml"),
                    replication.files().toString());
        }
    }

    private static List<String> rowAfter(Replication replication, ObjectNode record, String query) throws Exception {
        replication.bundle().offer(record.toString()).awaitDrained();
        return replication.target().rows(query);
    }

    @Tag("long")
    @Test
    void whatItWritesAndWhatComesOfIt() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.write("sample.jsonl", "{\"ack_token\": \"x\", \"record\": " + RECORD + "}\n");
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "Written schema/stripe-subscription.sql",
                                    "Written routes/collections/stripe-subscription.upsert.sql",
                                    "Written routes/collections/stripe-subscription.camel.yaml",
                                    "The target needs these first, with --apply, or with psql -f"
                                            + " schema/stripe-subscription.sql")),
                    replication.run("scaffold", "stripe:subscription", "--sample", replication.path("sample.jsonl")));
            assertEquals("~", replication.target().value("select to_regclass('stripe.subscriptions')"));
            assertEquals("""
                    -- The table of stripe:subscription: change it as you like, together with the template. A deletion needs the columns that may be null.
                    create schema if not exists stripe;

                    create table if not exists stripe.subscriptions (
                      id text primary key,
                      upstream_id text,
                      deleted boolean not null default false,
                      updated_idx bigint not null,
                      sync_id text,
                      sync_external_id text,
                      sync_metadata jsonb,
                      upstream_created_at timestamptz,
                      upstream_updated_at timestamptz,
                      object text,
                      customer text,
                      created timestamptz,
                      canceled_at text, -- null in every record seen
                      cancel_at_period_end boolean,
                      current_period_end timestamptz,
                      quantity bigint,
                      plan_id text,
                      plan jsonb,
                      items jsonb,
                      price numeric,
                      livemode date,
                      seen timestamptz,
                      token uuid,
                      "order" text,
                      metadata jsonb
                    );
                    create index if not exists stripe_subscriptions_upstream_id_idx on stripe.subscriptions (upstream_id);
                    create index if not exists stripe_subscriptions_sync_external_id_idx on stripe.subscriptions (sync_external_id);
                    create index if not exists stripe_subscriptions_customer_idx on stripe.subscriptions (customer);
                    create index if not exists stripe_subscriptions_plan_id_idx on stripe.subscriptions (plan_id);
                    """, replication.file("schema/stripe-subscription.sql"));
            assertEquals("""
                    - templatedRoute:
                        routeTemplateRef: collection
                        routeId: stripe-subscription
                        parameters:
                          - name: collection
                            value: stripe:subscription
                          - name: upsert
                            value: stripe-subscription.upsert.sql
                    """, replication.file("routes/collections/stripe-subscription.camel.yaml"));
            String upsert = replication.file("routes/collections/stripe-subscription.upsert.sql");
            for (String part : List.of(
                    """
                    -- One record of stripe:subscription. A deletion marks the row: what was known of the record stays.
                    -- data.id is upstream_id.
                    insert into stripe.subscriptions as t
                      (id, upstream_id, deleted,""",
                    "to_timestamp(:#data.created)",
                    "to_timestamp(:#data.currentPeriodEnd / 1000.0)",
                    "\n  \"order\" = case when excluded.deleted then t.\"order\" else excluded.\"order\" end,\n",
                    "\nwhere t.updated_idx is null or t.updated_idx <= excluded.updated_idx\n")) {
                assertTrue(upsert.contains(part), part + "\n" + upsert);
            }

            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "Left as it was routes/collections/stripe-subscription.camel.yaml",
                                    "Left as it was routes/collections/stripe-subscription.upsert.sql",
                                    "--force writes the files of stripe:subscription anew",
                                    "Applied schema/stripe-subscription.sql")),
                    replication.run("scaffold", "stripe:subscription", "--apply"));
            assertEquals(
                    "Table stripe.subscriptions is there and is not changed, whatever schema/stripe-subscription.sql says now;"
                            + " change it yourself, with alter table",
                    replication
                            .run("scaffold", "stripe:subscription", "--apply")
                            .lines()
                            .get(3));
            start(replication, 1, RECORD, deletion("stripe:subscription", "never seen", 4));
            String row = "a|up-a|f|2|sync-1|acct-1|{\"tenant\": 1}|2026-01-01 00:00:00.000001+00|~|subscription"
                    + "|cus_NffrFeUfNV2Hib|2026-01-01 00:00:00+00|~|f|2026-02-01 00:00:00.123+00|3|plan_1"
                    + "|{\"id\": \"plan_1\", \"amount\": 4900}|{\"data\": [1, \"a\"]}|49.90|2026-02-03"
                    + "|2026-02-03 04:05:06.000007+00|0b0c7a52-5d0e-4a58-8a3e-9b3b0d6f9a10|A-1|{}";
            String query = "select * from stripe.subscriptions where id = 'a'";
            assertEquals(List.of(row), replication.target().rows(query));
            // a deletion keeps what was known, an old version changes nothing, and a new one brings it back
            replication.bundle().offer(deletion("stripe:subscription", "a", 3)).awaitDrained();
            String deleted = row.replace("|f|2|", "|t|3|");
            assertEquals(List.of(deleted), replication.target().rows(query));
            replication.bundle().offer(RECORD).awaitDrained();
            assertEquals(List.of(deleted), replication.target().rows(query));
            replication
                    .bundle()
                    .offer(RECORD.replace("\"updated_idx\": 2", "\"updated_idx\": 4"))
                    .awaitDrained();
            assertEquals(
                    List.of(row.replace("|f|2|", "|f|4|")), replication.target().rows(query));
            assertEquals(
                    "t|4",
                    replication
                            .target()
                            .value("select deleted, updated_idx from stripe.subscriptions where id <> 'a'"));
            assertEquals(List.of(), replication.bundle().deadLetters());
        }
    }

    @Tag("long")
    @Test
    void nothingIsOverwrittenUnlessForced() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.write("sample.jsonl", RECORD);
            String[] command = {"scaffold", "stripe:subscription", "--sample", replication.path("sample.jsonl")};
            assertEquals(0, replication.run(command).status());
            String upsert = "routes/collections/stripe-subscription.upsert.sql";
            String written = replication.file(upsert);
            replication.write(upsert, "mine");
            replication.write("schema/stripe-subscription.sql", "mine");
            assertEquals(0, replication.run(command).status());
            assertEquals("mine", replication.file(upsert));
            Replication.Result forced = replication.run(
                    "scaffold", "stripe:subscription", "--force", "--sample", replication.path("sample.jsonl"));
            assertTrue(forced.lines().contains("Written anew " + upsert), forced.toString());
            assertEquals(written, replication.file(upsert));
            assertTrue(replication.file("schema/stripe-subscription.sql").contains("create table"));

            replication.write(
                    "routes/collections/mine.camel.yaml", "- route:\n    from:\n      uri: direct:acme:order\n");
            assertEquals(
                    new Replication.Result(
                            1,
                            List.of("Skipped acme:order: routes/collections/mine.camel.yaml has a route for it already;"
                                    + " remove that first")),
                    replication.run("scaffold", "acme:order", "--force"));

            replication.write(
                    "routes/collections/mine.upsert.sql",
                    "-- one order\ninsert into acme.orders as t (id) values (:#id) on conflict do nothing");
            assertEquals(
                    new Replication.Result(
                            1,
                            List.of("Skipped acme:orders: routes/collections/mine.upsert.sql writes its table,"
                                    + " acme.orders, already; name another with --table")),
                    replication.run("scaffold", "acme:orders", "--force"));
        }
    }

    /** In the folder as it is shipped the collections have their files. */
    @Test
    void aShippedCollectionStaysAndGetsItsTable() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            for (String file : List.of("stripe-subscription.camel.yaml", "stripe-subscription.upsert.sql")) {
                replication.write("routes/collections/" + file, Files.readString(Path.of("routes/collections", file)));
            }
            replication.write("schema/stripe.sql", Files.readString(Path.of("schema/stripe.sql")));
            Replication.Result result = replication.run("scaffold", "stripe:subscription", "--apply");
            assertEquals(0, result.status(), result.toString());
            assertTrue(result.lines().contains("Applied schema/stripe.sql"), result.toString());
            assertEquals(new Replication.Result(0, List.of("1 of 1 templates can be used.")), replication.run("check"));
        }
    }

    /** An object in some records, and only its ID in others; and what is written anew for the table that there is now. */
    @Tag("long")
    @Test
    void relatedObjectsHaveTheirIds() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            String[] records = {
                TestRecord.of(
                        "acme:order",
                        "a",
                        1,
                        "{\"customer\": \"c1\", \"id\": 7, \"fields\": {\"Due Date\": \"2026-01-02\"}}"),
                TestRecord.of("acme:order", "b", 1, "{\"customer\": {\"id\": \"c2\"}, \"id\": 8}")
            };
            replication.write("sample.jsonl", String.join("\n", records));
            String[] command = {
                "scaffold", "acme:order", "--apply", "--force", "--sample", replication.path("sample.jsonl")
            };
            assertEquals(0, replication.run(command).status());
            String written = replication.file("routes/collections/acme-order.upsert.sql");
            assertEquals(0, replication.run(command).status());
            assertEquals(written, replication.file("routes/collections/acme-order.upsert.sql"));
            start(replication, 1, records);
            assertEquals(
                    List.of("a|c1|\"c1\"|7|2026-01-02", "b|c2|{\"id\": \"c2\"}|8|~"),
                    replication
                            .target()
                            .rows("select id, customer_id, customer, data_id, due_date from acme.orders order by id"));
        }
    }

    @Tag("long")
    @Test
    void whatCannotBeFoundOutIsSaid() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.bundle().server().consumer("none", Duration.ofSeconds(1), 100);
            replication
                    .bundle()
                    .set("sequin.ack-wait", "1s")
                    .set("sequin.wait-for", "0s")
                    .set("sequin.consumer", "none");
            assertEquals(
                    "0 messages were received and given back",
                    replication.run("scaffold", "acme:order").lines().get(0));
            replication.bundle().set("sequin.ack-wait", "600ms").set("sequin.consumer", "test");
            replication.bundle().offer(TestRecord.of("stripe:customer", "a", 1, "{}"), deletion("acme:order", "b", 1));
            assertEquals(
                    new Replication.Result(
                            1,
                            List.of(
                                    "2 messages were received and given back",
                                    "No record of acme:order with data has come; those that came are of acme:order (1),"
                                            + " stripe:customer (1), so its columns are not known: change one at its source"
                                            + " and run this again, or give a file with records (--sample), a schema"
                                            + " (--schema) or a table that is there (--table)")),
                    replication.run("scaffold", "acme:order"));
            assertEquals(List.of(), replication.files());
            assertEquals(2, replication.bundle().consumer().pending());

            replication.write(
                    "bad.jsonl", RECORD.replace("\n", "") + "\n{\"id\": \"sub_1\", \"object\": \"subscription\"}\n");
            replication.write("torn.jsonl", "{\"id\": }");
            replication.write(
                    "openapi.yaml",
                    "components:\n  schemas:\n    order: {type: object}\n    customer: {$ref: 'x#/y'}\n");
            for (String[] wrong : new String[][] {
                {
                    "bad.jsonl:2:1: the record has no collection_id; write it as the API sends it",
                    "a:b",
                    "--sample",
                    "bad.jsonl"
                },
                {"torn.jsonl:1:8: is not JSON: ", "a:b", "--sample", "torn.jsonl"},
                {"--sample names a file that is not there: ", "a:b", "--sample", "nowhere"},
                {"--schema nowhere: there is no such file", "a:b", "--schema", "nowhere"},
                {
                    "say which of its schemas a:ordr has, as openapi.yaml#NAME; the nearest: order, customer",
                    "a:ordr",
                    "--schema",
                    "openapi.yaml"
                },
                {"there is no such schema; the nearest: customer, order", "a:b", "--schema", "openapi.yaml#custmer"},
                {"#order: describes no object with properties", "a:order", "--schema", "openapi.yaml"},
                {"$ref x#/y is in another document", "a:customer", "--schema", "openapi.yaml"},
                {"--table a.b: there is no such table", "a:b", "--table", "a.b"},
                {
                    "with --sample or --schema, which say what the records look like, it would be made",
                    "a:b",
                    "--table",
                    "a.b"
                },
                {"--table must name one table", "a:b", "--table", "a.*"},
                {"'*' is not the ID of one collection", "*"},
                {"are for replicas of tables", "a:b", "--source", "jdbc:postgresql://localhost:1/x"},
                {"--table is for one collection: 2 are named", "a:b", "a:c", "--table", "a.b"},
                {"are for a collection", "--table", "a.b", "--data"},
            }) {
                String[] command = wrong.clone();
                command[0] = "scaffold";
                for (int i = 1; i < command.length; i++) {
                    command[i] = command[i].matches("(bad|torn|openapi|nowhere).*")
                            ? replication.path(command[i])
                            : command[i];
                }
                Replication.Result result = replication.run(command);
                assertEquals(2, result.status(), result.toString());
                assertTrue(result.lines().get(0).contains(wrong[0]), wrong[0] + "\n" + result);
            }
            replication.bundle().set("sequin.token", "wrong");
            Replication.Result refused = replication.run("scaffold", "a:b");
            assertEquals(1, refused.status());
            assertTrue(refused.lines().get(0).contains("401"), refused.toString());
        }
    }
}
