package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.testkit.PostgresServer;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 42: what is acked survives a crash of the server, whatever {@code synchronous_commit} says. */
@Tag("postgres")
class DurabilityTest {
    private static final int RECORDS = 200;

    /**
     * A server on which a commit that does not wait is lost for certain, as nobody else writes the log for 10 s.
     * Before PostgreSQL 17 its writer is woken for each full page: then the last commits are lost, at least.
     */
    private static PostgresServer postgres(String synchronousCommit) throws Exception {
        return new PostgresServer(Map.of(
                "synchronous_commit", synchronousCommit,
                "wal_writer_delay", "10s",
                "wal_writer_flush_after", "1GB",
                "wal_buffers", "16MB",
                "bgwriter_lru_maxpages", "0",
                "autovacuum", "off"));
    }

    private static TestBundle bundle(PostgresServer postgres, boolean ledger) throws Exception {
        TestBundle bundle =
                Things.guarded(new TestBundle(Duration.ofSeconds(30), new TestDatabase(postgres.port())), ledger);
        bundle.database().execute("alter table things add check (value <> 'bad')");
        return bundle;
    }

    /** Good ones, and one in twenty that becomes a dead letter. */
    private static void offer(TestBundle bundle) {
        bundle.offer(IntStream.range(0, RECORDS)
                .mapToObj(i -> i % 20 == 0
                        ? TestRecord.of("test:thing", "bad-" + i, 1, "{\"value\": \"bad\"}")
                        : Things.thing(i, 1))
                .toArray(String[]::new));
    }

    private static void assertAllThere(TestBundle bundle) throws Exception {
        assertEquals(
                1 + RECORDS - RECORDS / 20 + "|" + RECORDS / 20,
                bundle.database().value("select (" + Things.COUNT + "), count(*) from sequin.dead_letters"));
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "off, select 1, false",
        "on, alter database %s set synchronous_commit = off, true",
        "on, alter role clerk set synchronous_commit = off, false"
    })
    void whatIsAckedSurvivesACrash(String server, String alter, boolean ledger) throws Exception {
        try (PostgresServer postgres = postgres(server);
                TestBundle bundle = bundle(postgres, ledger)) {
            bundle.database().execute("create role clerk login superuser");
            bundle.database().execute(alter.formatted(bundle.database().name()));
            bundle.set("postgres.url", bundle.database().url().replace("user=postgres", "user=clerk"));
            // makes the bundle's own tables, which must not be lost either
            bundle.set("sequin.workers", "2")
                    .offer(Things.thing("first", 1))
                    .start()
                    .awaitDrained();

            offer(bundle);
            bundle.awaitDrained();
            postgres.crash();
            postgres.start();
            assertAllThere(bundle);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTriggerThatDoesNotWaitChangesNothing(boolean local) throws Exception {
        try (PostgresServer postgres = postgres("on");
                TestBundle bundle = bundle(postgres, false)) {
            bundle.set("sequin.workers", "2")
                    .offer(Things.thing("first", 1))
                    .start()
                    .awaitDrained();
            bundle.database().execute("""
                    create function hurry() returns trigger language plpgsql as $$
                    begin perform set_config('synchronous_commit', 'off', %s); return new; end $$;
                    create trigger hurry before insert on things for each row execute function hurry()""".formatted(local));
            // no dead letter among them: to store one would wait for all that was committed before
            bundle.offer(Things.things(RECORDS));
            bundle.awaitDrained();
            postgres.crash();
            postgres.start();
            assertEquals(Integer.toString(1 + RECORDS), bundle.database().value(Things.COUNT));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"on", "local", "remote_write", "remote_apply"})
    void whatWaitsForMoreIsLeftAlone(String setting) throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle())) {
            assertEquals(setting, committedWith(bundle, setting));
        }
    }

    @Test
    void whatDoesNotWaitWaitsForTheDisk() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle())) {
            assertEquals("local", committedWith(bundle, "off"));
        }
    }

    /** With which setting a record is committed in a database that has this one. */
    private static String committedWith(TestBundle bundle, String setting) throws Exception {
        TestDatabase database = bundle.database();
        database.execute("alter database " + database.name() + " set synchronous_commit = " + setting);
        database.execute("""
                create table commits (setting text);
                create function note() returns trigger language plpgsql as $$
                begin insert into commits values (current_setting('synchronous_commit')); return null; end $$;
                create constraint trigger note after insert on things deferrable initially deferred
                  for each row execute function note()""");
        bundle.offer(Things.thing("a", 1)).start().awaitDrained();
        return database.value("select setting from commits");
    }
}
