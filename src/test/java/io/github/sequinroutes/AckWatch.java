package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Looks into the database at every ack: is each acked record of the table {@code things} durable by then? */
final class AckWatch implements Consumer<List<String>> {
    // the rows that each acked record demands; a dead letter would do as well
    private static final String MISSING = """
            select r ->> 'id', r ->> 'updated_idx' from json_array_elements('%s'::json) r
            where not exists (select from things t where t.id = r ->> 'id' and t.v >= (r ->> 'updated_idx')::bigint)
            and not exists (select from sequin.dead_letters d
              where d.record_id = r ->> 'id' and d.version = (r ->> 'updated_idx')::numeric)""";

    private final TestDatabase database;
    private final Queue<String> early = new ConcurrentLinkedQueue<>();

    AckWatch(TestBundle bundle) {
        database = bundle.database();
        bundle.consumer().observeAcks(this);
    }

    @Override
    public void accept(List<String> records) {
        List<String> missing = new ArrayList<>();
        // while the database is away nobody can write either: what is missing then, is missing when it is back
        String query = MISSING.formatted(records.toString().replace("'", "''"));
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptionsMatching(SQLException.class::isInstance)
                .untilAsserted(() -> missing.addAll(database.rows(query)));
        early.addAll(missing);
    }

    /** Fails if a record was acked before it was durable. */
    void assertNoneTooEarly() {
        assertEquals(List.of(), List.copyOf(early));
    }
}
