package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.RequestKind;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 14 and 15: what a record did not cause is tried again, and never a dead letter. */
@Tag("postgres")
@Order(1) // takes long
class DatabaseBusyTest {
    private static final List<String> STATES = List.of(
            "08006", "25006", "40001", "40P01", "53100", "53200", "53300", "53400", "55P03", "57014", "57P01", "57P02",
            "57P03", "58030");

    // fails as long, and as often, as the table weather says
    private static final String WEATHER = """
            create table weather (state text, chance float);
            create function weather() returns trigger language plpgsql as $$
            declare storm text := (select state from weather where random() < chance);
            begin
              if storm is not null then raise sqlstate using errcode = storm, message = 'it rains'; end if;
              return null;
            end $$;
            create trigger weather before insert on things for each statement execute function weather()""".replace("raise sqlstate using", "raise exception using");

    private static TestBundle bundle(boolean ledger) throws Exception {
        TestBundle bundle = Things.guarded(new TestBundle(Duration.ofSeconds(20)), ledger);
        bundle.database().execute(WEATHER);
        return bundle.set("sequin.batch-size", "20");
    }

    private static void assertWritten(TestBundle bundle, int count) throws Exception {
        assertEquals(Integer.toString(count), bundle.database().value(Things.COUNT));
        assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyStateOfADatabaseInTroubleIsWaitedFor(boolean ledger) throws Exception {
        try (TestBundle bundle = bundle(ledger)) {
            AckWatch acks = new AckWatch(bundle);
            bundle.start();
            int offered = 0;
            for (String state : STATES) {
                bundle.database().execute("insert into weather values ('" + state + "', 1)");
                bundle.offer(Things.thing(offered++, 1), Things.thing(offered++, 1));
                bundle.awaitUnhealthy("it rains (SQLSTATE " + state + ")");
                assertEquals(2, bundle.consumer().left(), state);
                bundle.database().execute("delete from weather");
                bundle.awaitDrained().awaitHealthy();
            }
            assertWritten(bundle, offered);
            acks.assertNoneTooEarly();
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatFailsNowAndThenIsWrittenAllTheSame(boolean ledger) throws Exception {
        try (TestBundle bundle = bundle(ledger)) {
            AckWatch acks = new AckWatch(bundle);
            bundle.database().execute("insert into weather values ('40001', 0.2)");
            bundle.offer(Things.things(1_000)).start().awaitDrained();
            assertWritten(bundle, 1_000);
            acks.assertNoneTooEarly();
        }
    }

    @Test
    void aLockTimeoutIsWaitedFor() throws Exception {
        try (TestBundle bundle = bundle(false)) {
            String name = bundle.database().name();
            bundle.database().execute("alter database " + name + " set lock_timeout = '50ms'");
            bundle.start();
            try (Connection connection = bundle.database().connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table things");
                bundle.offer(Things.things(100))
                        .awaitUnhealthy("SQLSTATE 55P03); see in pg_locks and pg_stat_activity who holds the lock");
                int asked = bundle.server().requests().count(RequestKind.NEXT);
                await().until(() -> bundle.server().requests().count(RequestKind.NEXT) > asked);
                assertEquals(100, bundle.consumer().left());
                connection.rollback();
            }
            bundle.awaitDrained().awaitHealthy();
            assertWritten(bundle, 100);
        }
    }

    @Test
    void withoutItsOwnTablesItSaysHowToGetThem() throws Exception {
        try (TestBundle bundle = bundle(true)) {
            bundle.offer(Things.things(1)).start().awaitDrained();
            bundle.database().execute("alter schema sequin rename to elsewhere");
            bundle.offer(Things.things(100))
                    .awaitUnhealthy(
                            "(SQLSTATE 42P01); have a role that may create the tables of schema sequin run migrate");
            bundle.database().execute("alter schema elsewhere rename to sequin");
            bundle.awaitDrained().awaitHealthy();
            assertWritten(bundle, 100);
        }
    }

    /** No collection is at fault, and what is asked for meanwhile could not be written either. */
    @ParameterizedTest
    @ValueSource(strings = {"sequin.versions", "sequin.dead_letters"})
    void aLockOnItsOwnTablesIsAnOutage(String table) throws Exception {
        String problem = "the table " + table + " is locked (SQLSTATE 55P03); see in pg_locks";
        try (TestBundle bundle = Things.guarded(new TestBundle(Duration.ofSeconds(6)), true);
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            bundle.offer(Things.things(1)).start().awaitDrained();
            connection.setAutoCommit(false);
            statement.execute("lock table " + table + " in share mode");
            bundle.offer(Things.thing("new", 1), TestRecord.of("test:unknown", "u", 1, "{}"));
            bundle.awaitUnhealthy("postgres=" + problem).awaitUnhealthy("sequin-worker-1=" + problem);
            connection.rollback();
            bundle.awaitDrained().awaitHealthy();
            assertEquals("2", bundle.database().value(Things.COUNT));
            assertEquals("1", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeadlockIsTriedAgain(boolean ledger) throws Exception {
        try (TestBundle bundle = bundle(ledger)) {
            String deadlocks = "select deadlocks from pg_stat_database where datname = '"
                    + bundle.database().name() + "'";
            bundle.database().execute("insert into things values ('thing-a', 1), ('thing-b', 1)");
            try (Connection connection = bundle.database().connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                // the one who finds the circle is the one who gives way: let it be the bundle
                statement.execute("set deadlock_timeout = '1min'");
                statement.execute("update things set value = 'x' where id = 'thing-b'");
                // offered before the start, they come in one batch
                bundle.offer(Things.thing("a", 2), Things.thing("b", 2)).start();
                await().until(() -> !bundle.database()
                        .rows("select 1 from pg_stat_activity where datname = current_database()"
                                + " and application_name = 'sequin-postgres-routes' and wait_event_type = 'Lock'"
                                // not one of the workers that create the bundle's tables, one after the other
                                + " and query like 'insert into things%'")
                        .isEmpty());
                statement.execute("update things set value = 'x' where id = 'thing-a'");
                connection.commit();
            }
            bundle.awaitDrained();
            assertEquals(
                    List.of("thing-a|2|2", "thing-b|2|2"),
                    bundle.database().rows("select id, v, value from things order by id"));
            await().until(() -> Integer.parseInt(bundle.database().value(deadlocks)) > 0);
            assertWritten(bundle, 2);
        }
    }

    @Tag("long")
    @Test
    void workersThatLockRowsInDifferentOrdersDeadlockAndResume() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(10))) {
            // sorted by ID, the rows are locked in any order of their slots
            bundle.database().execute("create table slots (slot int primary key, v bigint)");
            bundle.collection(
                    "test:slot",
                    "insert into slots as t (slot, v) values (:#data.slot, :#updated_idx)"
                            + " on conflict (slot) do update set v = excluded.v where t.v <= excluded.v");
            bundle.set("sequin.workers", "6").set("sequin.batch-size", "60");
            for (int i = 0; i < 6_000; i++) {
                int slot = (i * 37) % 50;
                bundle.offer(TestRecord.of("test:slot", "id-" + i * 7919 % 6_000, i, "{\"slot\": " + slot + "}"));
            }
            bundle.start().awaitDrained();
            assertEquals("50|5950|5999", bundle.database().value("select count(*), min(v), max(v) from slots"));
            assertEquals(
                    List.of(),
                    bundle.database()
                            .rows(
                                    "select reason, sqlstate, error, count(*) from sequin.dead_letters group by 1, 2, 3"));
            assertTrue(bundle.consumer().delivered() >= 6_000);
        }
    }
}
