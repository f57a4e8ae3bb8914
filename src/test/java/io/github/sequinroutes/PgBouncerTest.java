package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 51: behind PgBouncer in transaction mode, each transaction may be on another connection. */
@Tag("pgbouncer")
class PgBouncerTest {
    private static final int KEYS = 600;

    // what a session can leave behind; the driver of each client sets the first two, and PgBouncer carries the first
    // from
    // client to client, while any extra_float_digits above 0 means the same from PostgreSQL 12 on
    private static final String SESSION = """
            select pg_backend_pid(), * from (
              select name, setting from pg_settings where name not in ('application_name', 'extra_float_digits')
                and (name not like 'plpgsql.%' or source <> 'default') -- there once the language has been used
              union all select 'prepared statement', name from pg_prepared_statements
              union all select 'cursor', name from pg_cursors where name <> ''
              union all select 'channel', channel from pg_listening_channels() channel
              union all select 'temporary table', relname from pg_class where relpersistence = 't' and relkind = 'r'
              union all select 'advisory lock', objid::text from pg_locks
                where locktype = 'advisory' and pid = pg_backend_pid()) session""";

    private TestBundle bundle;
    private PgBouncer bouncer;

    @BeforeEach
    void prepare() throws Exception {
        bundle = new TestBundle(Duration.ofSeconds(30));
        TestDatabase database = bundle.database();
        bouncer = new PgBouncer(database.port());
        bundle.set("postgres.url", bouncer.url(database)).set("sequin.batch-size", "50");
        Things.guardedByTheLedger(bundle);
        bundle.collection("test:note", """
                insert into notes as t (id, v, tags, doc, at) values
                  (:#id, :#updated_idx, :#data.tags, :#data.doc, :#data.at)
                on conflict (id) do update set v = excluded.v, tags = excluded.tags, doc = excluded.doc, at = excluded.at
                where t.v <= excluded.v""");
        // defaults that are not the bundle's: it may neither rely on them nor change them for others
        database.execute("""
                create table notes (id text primary key, v bigint, tags text[], doc jsonb, at timestamptz);
                alter database %1$s set default_transaction_isolation = 'repeatable read';
                alter database %1$s set statement_timeout = '77s';
                alter database %1$s set idle_in_transaction_session_timeout = '78s';
                alter database %1$s set synchronous_commit = 'off'""".formatted(database.name()));
    }

    @AfterEach
    void end() throws Exception {
        bundle.close();
        bouncer.close();
    }

    /** For each key an insert, an update or a deletion, and something late; one key in 30 is rejected. */
    private int offer() {
        int offered = 0;
        for (int version : List.of(1, 3, 2)) {
            for (int i = 0; i < KEYS; i++) {
                boolean deleted = version == 3 && i % 3 == 0;
                String doc = i % 30 == 7 ? "\"a\\u0000b\"" : "[" + version + "]";
                bundle.offer(
                        TestRecord.of("test:thing", "t" + i, version, deleted, "{\"value\": \"" + version + "\"}"),
                        TestRecord.of("test:note", "n" + i, version, """
                                {"tags": ["a b", null], "doc": %s, "at": "2026-01-02T03:04:05"}""".formatted(doc)));
                offered += 2;
            }
        }
        return offered;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void everyRecordIsWrittenOrRightlyADeadLetterAndNothingIsPaused(int workers) throws Exception {
        bundle.set("sequin.workers", "" + workers);
        int offered = offer();
        bundle.start().awaitDrained().awaitHealthy();
        TestDatabase database = bundle.database();
        int rejected = KEYS / 30;
        assertAll(
                // a batch that is given up, or a collection that is paused, would be delivered again
                () -> assertEquals(offered, bundle.consumer().delivered()),
                () -> assertEquals(
                        List.of((KEYS - KEYS / 3) + "|3|3"),
                        database.rows("select count(*), min(v), max(value) from things")),
                () -> assertEquals(
                        List.of((KEYS - rejected) + "|3|[3]|{\"a b\",NULL}|2026-01-02 03:04:05+00"),
                        database.rows("select count(*), min(v), min(doc::text), min(tags), min(at) from notes")),
                () -> assertEquals(
                        List.of("test:note|rejected|22P05|" + rejected),
                        database.rows("select collection, reason, sqlstate, count(distinct record_id)"
                                + " from sequin.dead_letters group by 1, 2, 3")));
    }

    /** Who says that the pooler keeps what is prepared, though it does not, has an outage now and then, and no more. */
    @Test
    void whatThePoolerDoesNotKnowPausesNoCollection() throws Exception {
        try (LogWatch log = new LogWatch("(SQLSTATE ")) {
            bundle.set("postgres.url", bouncer.url(bundle.database(), 1)).set("sequin.workers", "4");
            offer();
            bundle.start();
            Set<String> paused = new TreeSet<>();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                bundle.standalone()
                        .bundle()
                        .collections()
                        .paused()
                        .forEach((collection, error) -> paused.add(collection + ": " + error));
                // an outage is few lines, however often it fails: those are counted
                return log.lines("").stream()
                                .anyMatch(line ->
                                        line.contains("26000") || line.contains("42P05") || line.contains("25P02"))
                        && MetricsTest.counts(bundle, "sequin.polls", "outcome").getOrDefault("failed", 0) > 20;
            });
            // and says what to do
            assertFalse(log.lines("add prepareThreshold=0 to the URL").isEmpty(), () -> log.lines("")
                    .toString());
            assertEquals(Set.of(), paused);
            assertEquals(
                    List.of(),
                    bundle.database().rows("select sqlstate from sequin.dead_letters where sqlstate <> '22P05'"));
        }
    }

    @Test
    void whatAWriteNeedsHoldsInEachTransaction() throws Exception {
        bundle.database().execute("""
                create table seen (zone text, isolation text, patience text, waits text);
                create function note() returns trigger language plpgsql as $$
                begin
                  insert into seen values (current_setting('TimeZone'), current_setting('transaction_isolation'),
                    current_setting('statement_timeout'), current_setting('synchronous_commit'));
                  return null;
                end $$;
                create trigger note after insert or update on things for each statement execute function note();
                create trigger note after insert or update on notes for each statement execute function note()""");
        offer();
        bundle.set("sequin.workers", "4").start().awaitDrained();
        List<String> seen =
                bundle.database().rows("select distinct zone, isolation, waits, patience = '77s' from seen order by 1");
        // the server of this test does not wait for its disk by default, and whoever acks must
        assertEquals(List.of("UTC|read committed|local|f"), seen);
    }

    @Test
    void noSettingOfASessionLeaksToOtherClients() throws Exception {
        List<Connection> others = new ArrayList<>();
        try {
            for (int i = 0; i < PgBouncer.CONNECTIONS; i++) {
                others.add(DriverManager.getConnection(bouncer.url(bundle.database(), 0)));
            }
            Set<String> before = sessions(others);
            offer();
            bundle.set("sequin.workers", "4").start().awaitDrained();
            Set<String> changed = sessions(others);
            changed.removeAll(before);
            assertEquals(Set.of(), changed);
        } finally {
            for (Connection other : others) {
                other.close();
            }
        }
    }

    /** What other clients see of each of the server's connections, each line with its process ID. */
    private static Set<String> sessions(List<Connection> others) throws SQLException {
        Set<String> sessions = new TreeSet<>();
        Set<String> processes = new TreeSet<>();
        for (Connection other : others) {
            // all are in a transaction at once: so each has a connection of the server, and together they have all
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement();
                    ResultSet row = statement.executeQuery(SESSION)) {
                while (row.next()) {
                    sessions.add(row.getString(1) + ": " + row.getString(2) + " = " + row.getString(3));
                    processes.add(row.getString(1));
                }
            }
        }
        for (Connection other : others) {
            other.rollback();
            other.setAutoCommit(true);
        }
        assertEquals(PgBouncer.CONNECTIONS, processes.size());
        return sessions;
    }
}
