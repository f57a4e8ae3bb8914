package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.AckWatch;
import io.github.sequinroutes.TestBulkhead;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 84: four processes on one consumer, each of which is replaced under load. */
@Order(1) // takes long
class RollingRestartTest extends ProcessTest {
    private static final int PROCESSES = 4;
    /** Longer than anything but the loss of a process can take, on cores that start processes meanwhile. */
    private static final Duration LEASE = Duration.ofSeconds(20);
    /** From the offer of a record to its lease, and from the end of the lease to its row. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(3);

    private final long seed = Long.getLong("rolling.seed", System.nanoTime());
    /** The oldest first. */
    private final Deque<TestProcess> running = new ArrayDeque<>();

    private AckWatch acks;
    private RisingVersions load;
    private int restarts;

    @BeforeEach
    void prepareConsumer() {
        consumer = server.consumer("rolling", LEASE, 10_000);
        acks = new AckWatch(database, consumer, "stripe.customers", "updated_idx");
        load = new RisingVersions(consumer, database, seed);
    }

    @AfterEach
    void endAll() throws Exception {
        load.stop();
        for (TestProcess each : running) {
            each.close();
        }
    }

    private TestProcess startOne() throws IOException {
        TestProcess one = new TestProcess(server, database)
                .option("-Xmx96m")
                .set("sequin.consumer", "rolling")
                .set("sequin.ack-wait", LEASE.toSeconds() + "s")
                .set("sequin.workers", "1")
                .set("sequin.batch-size", "100");
        running.add(one);
        return one.start();
    }

    private void replaceFirstByNew() throws Exception {
        startOne().awaitOutput(" runs: consumer ");
        stopFirst();
        restarts++;
    }

    private void replaceFirstBeforeNew() throws Exception {
        stopFirst();
        startOne().awaitOutput(" runs: consumer ");
        restarts++;
    }

    private void stopFirst() throws Exception {
        try (TestProcess first = running.remove()) {
            assertExit(0, first.terminate());
        }
    }

    /** SIGKILL while each process has messages in flight: nobody writes as long as the table is locked. */
    private void killFirst() throws Exception {
        try (Connection blocker = database.connect();
                Statement statement = blocker.createStatement();
                TestProcess first = running.remove()) {
            blocker.setAutoCommit(false);
            statement.execute("lock table stripe.customers in share mode");
            await().atMost(PATIENCE).until(() -> database.value(
                            "select count(distinct pid) from pg_locks where not granted and relation = 'stripe.customers'::regclass")
                    .equals(Integer.toString(PROCESSES)));
            first.kill();
            blocker.rollback();
        }
        startOne().awaitOutput(" runs: consumer ");
        restarts++;
    }

    private void report(String round, Duration longestWait, Duration bound) {
        String figures = "%s: %d records offered, %d restarts, longest wait for a row %d ms of %d (-Drolling.seed=%d)"
                .formatted(round, load.offered(), restarts, longestWait.toMillis(), bound.toMillis(), seed);
        System.out.println("Rolling restart, " + figures);
        assertTrue(longestWait.compareTo(bound) < 0, figures);
    }

    @Tag("long")
    @Tag(TestBulkhead.QUIET)
    @Test
    void nothingIsLostOrStaleAndNobodyWaitsLongerThanTheLease() throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            startOne();
        }
        running.forEach(one -> one.awaitOutput(" runs: consumer "));
        load.start();
        // four that are new at once take seconds for their first batch: that is a start, and no restart
        running.forEach(one -> one.awaitOutput("Records of stripe:customer are written"));
        await().atMost(PATIENCE).until(() -> load.takeLongestWait().toSeconds() < 1);

        for (int i = 0; i < PROCESSES; i++) {
            replaceFirstByNew();
        }
        // a process that is told to stop gives back what it cannot finish: no lease has to run out
        report("the new one first", load.takeLongestWait(), LEASE);
        for (int i = 0; i < PROCESSES; i++) {
            replaceFirstBeforeNew();
        }
        report("the old one first", load.takeLongestWait(), LEASE);
        for (int i = 0; i < PROCESSES; i++) {
            if (i == 1) {
                killFirst();
            } else {
                replaceFirstByNew();
            }
        }
        load.stop();
        awaitDrained();
        load.look();
        report("one of them killed", load.takeLongestWait(), LEASE.plus(ALLOWANCE));

        assertEquals(load.rows(), load.found(), "-Drolling.seed=" + seed);
        acks.assertNoneTooEarly();
        assertEquals("0", database.value("select count(*) from sequin.dead_letters"));
        while (!running.isEmpty()) {
            stopFirst();
        }
    }
}
