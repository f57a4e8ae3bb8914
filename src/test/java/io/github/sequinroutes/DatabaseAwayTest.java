package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 11, 13 and 15: while the database is away nothing is fetched, acked or dead-lettered. */
@Execution(ExecutionMode.SAME_THREAD) // one server, which some of the tests stop
@Order(1) // takes long
class DatabaseAwayTest {
    private static final int RECORDS = 4_000;

    private static PostgresServer postgres;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new PostgresServer();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    private static TestBundle bundle() throws Exception {
        return new TestBundle(Duration.ofSeconds(10), new TestDatabase(postgres.port()));
    }

    private interface Step {
        void run() throws Exception;
    }

    /** What must hold while the database is away, and once it is back. */
    private static void assertRestsAndCatchesUp(TestBundle bundle, String error, AckWatch acks, Step back)
            throws Exception {
        bundle.awaitUnhealthy(error);
        // the two workers may have been at different points, but then they wait
        await().atMost(Duration.ofSeconds(15)).until(() -> quietFor(bundle, Duration.ofSeconds(2)));
        int left = bundle.consumer().left();
        assertTrue(left > 0, "nothing left to catch up");

        back.run();
        long begin = System.nanoTime();
        bundle.awaitDrained().awaitHealthy();
        long resumedAt = bundle.server().requests().times(RequestKind.NEXT).stream()
                .filter(time -> time - begin > 0)
                .findFirst()
                .orElseThrow();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(resumedAt - begin);
        assertTrue(seconds < 10, "went on after " + seconds + " s");
        assertEquals("" + RECORDS, bundle.database().value(Things.COUNT));
        assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        await().untilAsserted(() -> assertEquals(0, MetricsTest.gauge(bundle, "sequin.dead.letters.pending")));
        acks.assertNoneTooEarly();
    }

    private static boolean quietFor(TestBundle bundle, Duration time) {
        int before = bundle.server().requests().count(RequestKind.NEXT);
        long end = System.nanoTime() + time.toNanos();
        await().pollInterval(Duration.ofMillis(100)).until(() -> System.nanoTime() > end);
        return bundle.server().requests().count(RequestKind.NEXT) == before;
    }

    private static void awaitFlow(TestBundle bundle) {
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> bundle.consumer().left() < RECORDS - 500);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void theServerRestartsUnderLoad(boolean crash, boolean ledger) throws Exception {
        try (TestBundle bundle = Things.guarded(bundle(), ledger)) {
            AckWatch acks = new AckWatch(bundle);
            bundle.set("sequin.batch-size", "40").offer(Things.things(RECORDS)).start();
            awaitFlow(bundle);
            if (crash) {
                postgres.crash();
            } else {
                postgres.stop();
            }
            assertRestsAndCatchesUp(bundle, "postgres", acks, postgres::start);
        }
    }

    @Tag("long")
    @Test
    void itFailsOverToAReadOnlyNode() throws Exception {
        try (TestBundle bundle = Things.guardedByTheLedger(bundle())) {
            String alter = "alter database " + bundle.database().name();
            AckWatch acks = new AckWatch(bundle);
            bundle.set("sequin.batch-size", "40").offer(Things.things(RECORDS)).start();
            awaitFlow(bundle);
            bundle.database().execute(alter + " set default_transaction_read_only = on");
            bundle.database().disconnectAll();
            assertRestsAndCatchesUp(bundle, "25006", acks, () -> {
                // those who are connected stay on the read-only node: they must connect anew by themselves
                try (Connection connection = bundle.database().connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute("set default_transaction_read_only = off");
                    statement.execute(alter + " reset default_transaction_read_only");
                }
            });
        }
    }

    @Tag("long")
    @Test
    void itHasNoConnectionToSpare() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(bundle())) {
            bundle.database().execute("create role clerk login; grant all on things to clerk");
            bundle.database()
                    .execute("grant create on database " + bundle.database().name() + " to clerk");
            bundle.set("postgres.url", bundle.database().url().replace("user=postgres", "user=clerk"));
            AckWatch acks = new AckWatch(bundle);
            bundle.set("sequin.batch-size", "40").offer(Things.things(RECORDS)).start();
            awaitFlow(bundle);
            bundle.database().execute("alter role clerk connection limit 0");
            bundle.database().disconnectAll();
            assertRestsAndCatchesUp(
                    bundle, "53300", acks, () -> bundle.database().execute("alter role clerk connection limit -1"));
        }
    }

    @Tag("long")
    @Test
    void itIsAwayWhenTheBundleStarts() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(bundle())) {
            AckWatch acks = new AckWatch(bundle);
            bundle.offer(Things.things(RECORDS));
            postgres.stop();
            bundle.start();
            // it is not Sequin that does not answer
            bundle.awaitUnhealthy("sequin-worker-1=asks Sequin for nothing before PostgreSQL answers");
            assertRestsAndCatchesUp(bundle, "postgres", acks, postgres::start);
            assertEquals(RECORDS, bundle.consumer().delivered());
        }
    }
}
