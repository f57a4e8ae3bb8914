package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Looks into the database at every ack: is each acked record of a table durable by then? */
public final class AckWatch implements Consumer<List<String>> {
    // the rows that each acked record demands; a dead letter would do as well
    private static final String MISSING = """
            select r ->> 'id', r ->> 'updated_idx' from json_array_elements('%s'::json) r
            where not exists (select from %s t where t.id = r ->> 'id' and t.%s >= (r ->> 'updated_idx')::bigint)
            and not exists (select from sequin.dead_letters d
              where d.record_id = r ->> 'id' and d.version = (r ->> 'updated_idx')::numeric)""";

    private final TestDatabase database;
    private final String table;
    private final String versionColumn;
    private final Queue<String> early = new ConcurrentLinkedQueue<>();

    /** Of the table {@code things}. */
    AckWatch(TestBundle bundle) {
        this(bundle.database(), bundle.consumer(), "things", "v");
    }

    /** Of a table with a column {@code id} and one for the version. */
    public AckWatch(TestDatabase database, SandboxConsumer consumer, String table, String versionColumn) {
        this.database = database;
        this.table = table;
        this.versionColumn = versionColumn;
        consumer.observeAcks(this);
    }

    @Override
    public void accept(List<String> records) {
        List<String> missing = new ArrayList<>();
        // while the database is away nobody can write either: what is missing then, is missing when it is back
        String query = MISSING.formatted(records.toString().replace("'", "''"), table, versionColumn);
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptionsMatching(SQLException.class::isInstance)
                .untilAsserted(() -> missing.addAll(database.rows(query)));
        early.addAll(missing);
    }

    /** Fails if a record was acked before it was durable. */
    public void assertNoneTooEarly() {
        assertEquals(List.of(), List.copyOf(early));
    }
}
