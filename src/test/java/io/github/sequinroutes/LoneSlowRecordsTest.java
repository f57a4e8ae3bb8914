package io.github.sequinroutes;

import static io.github.sequinroutes.FaultyThings.bundle;
import static io.github.sequinroutes.FaultyThings.thing;
import static io.github.sequinroutes.FaultyThings.trigger;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/promises.md 45: a record that takes its time, of a collection of which the process has written no other. The table has
 * rows that are as old as the database.
 */
@Order(1) // takes long
@Tag("long")
@Tag("postgres")
class LoneSlowRecordsTest {
    /** After three attempts in a process that knows no other record, it would be a dead letter. */
    private static final int DELIVERIES = 8;

    private static TestBundle withRows() throws Exception {
        TestBundle bundle = bundle(Duration.ofSeconds(2), "x text not null, y int unique, z int");
        bundle.database().execute("""
                insert into things select 'old-' || n, n, 'good', n, case when n > 3 then n end
                from generate_series(1, 10) as n""");
        return bundle;
    }

    private static List<String> rows(TestBundle bundle) throws Exception {
        return bundle.database().rows("select * from things order by id");
    }

    /** It is new, or its row is there, and slow for its value or for its ID. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new   | new.x = 'slow'",
                "new   | new.id like '%new%'",
                "old-3 | new.x = 'slow'",
                "old-3 | new.id = 'old-3'",
            })
    void itEndsAsADeadLetter(String id, String isSlow) throws Exception {
        try (TestBundle bundle = withRows()) {
            List<String> before = rows(bundle);
            trigger(bundle, "insert or update", "if " + isSlow + " then perform pg_sleep(60); end if;");
            bundle.offer(TestRecord.of("test:thing", id, 20, "{\"x\": \"slow\"}"))
                    .start()
                    .awaitDrained()
                    .awaitHealthy();
            assertEquals(List.of("rejected|57014|" + id), bundle.deadLetters());
            assertEquals(before, rows(bundle), "what was tried is rolled back");
        }
    }

    /** Columns of several types, of which the template computes some; and a single row. */
    @Test
    void itEndsAsADeadLetterInAShippedCollection() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(2)).set("sequin.workers", "1")) {
            bundle.database().execute("""
                    insert into stripe.subscriptions
                      (id, updated_idx, sync_metadata, upstream_created_at, cancel_at_period_end, current_period_start)
                    values ('S-1', 5, '{"tenant": 1}', now(), true, now());
                    create function act() returns trigger language plpgsql as $$ begin
                      perform pg_sleep(60); return new; end $$;
                    create trigger act before insert or update on stripe.subscriptions
                    for each row when (new.id like '%-sleeper-%') execute function act()""");
            bundle.offer(TestRecord.of(
                            "stripe:subscription", "S-sleeper-1", 7, "{\"quantity\": 3, \"current_period_start\": 1}"))
                    .start()
                    .awaitDrained()
                    .awaitHealthy();
            assertEquals(List.of("rejected|57014|S-sleeper-1"), bundle.deadLetters());
            assertEquals("1", bundle.database().value("select count(*) from stripe.subscriptions"));
        }
    }

    @Test
    void itStaysUnackedIfThatIsWantedAndOthersAreWritten() throws Exception {
        try (TestBundle bundle = withRows().set("sequin.timed-out", "hold")) {
            trigger(bundle, "insert or update", "if new.x = 'slow' then perform pg_sleep(60); end if;");
            bundle.offer(thing("new", "slow")).start();
            await().until(() -> bundle.consumer().delivered() >= DELIVERIES);
            bundle.awaitHealthy().offer(thing("other", "good"));
            await().until(() -> bundle.consumer().left() == 1);
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** Every record is slow, if nothing else, then whatever is new, or is changed, or has a value: it is not for this one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new   | before insert or update | true",
                "new   | after insert            | true",
                "new   | before insert           | new.x is not null",
                "new   | before insert           | new.y is not null",
                "new   | before insert           | new.z is not null",
                "old-3 | before update           | true",
                "old-3 | after update            | new is distinct from old",
                "old-3 | before update           | new.v <> old.v",
            })
    void aTableThatIsSlowIsWaitedFor(String id, String when, String isSlow) throws Exception {
        try (TestBundle bundle = withRows()) {
            bundle.collection(
                    "test:thing",
                    FaultyThings.TEMPLATE
                            .replace("x) values", "x, y, z) values")
                            .replace(":#data.x)", ":#data.x, :#data.y, :#data.z)"));
            bundle.database().execute("""
                    create function act() returns trigger language plpgsql as $$ begin
                      if %s then perform pg_sleep(60); end if; return new; end $$;
                    create trigger act %s on things for each row execute function act()""".formatted(isSlow, when));
            bundle.offer(TestRecord.of("test:thing", id, 20, "{\"x\": \"good\", \"y\": 20, \"z\": 20}"))
                    .start()
                    .awaitUnhealthy("SQLSTATE 57014");
            awaitDeliveredInVain(bundle);
            bundle.database().execute("drop trigger act on things");
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("20", bundle.database().value("select v from things where id = '" + id + "'"));
        }
    }

    private static void awaitDeliveredInVain(TestBundle bundle) throws Exception {
        await().until(() -> bundle.consumer().delivered() >= DELIVERIES);
        assertEquals(List.of(), bundle.deadLetters());
        assertEquals(1, bundle.consumer().left());
    }

    /** The table, or only the row of the record. */
    @ParameterizedTest
    @ValueSource(strings = {"lock table things in exclusive mode", "select from things where id = 'old-3' for update"})
    void aLockIsWaitedFor(String lock) throws Exception {
        try (TestBundle bundle = withRows();
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(lock);
            bundle.offer(TestRecord.of("test:thing", "old-3", 20, "{\"x\": \"good\"}"))
                    .start()
                    .awaitUnhealthy("SQLSTATE 55P03");
            awaitDeliveredInVain(bundle);
            connection.rollback();
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** Nothing tells whether the record or the table is slow, until another record is written. */
    @Test
    void inATableWithoutRowsItWaitsForAnother() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            bundle.offer(thing("new", "slow")).start().awaitUnhealthy("SQLSTATE 57014");
            awaitDeliveredInVain(bundle);
            bundle.offer(thing("other", "good")).awaitDrained().awaitHealthy();
            assertEquals(List.of("rejected|57014|new"), bundle.deadLetters());
        }
    }
}
