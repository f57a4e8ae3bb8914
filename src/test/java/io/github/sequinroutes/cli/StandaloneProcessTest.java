package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TcpProxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process from its start to its end, as production runs it. */
@Order(1) // takes long
class StandaloneProcessTest extends ProcessTest {
    private long rows() throws Exception {
        return Long.parseLong(database.value("select count(*) from stripe.customers"));
    }

    /** SIGTERM, and how long the process took to end. */
    private Duration stop() throws Exception {
        long begin = System.nanoTime();
        assertEquals(0, process.terminate().exitStatus(), process.output());
        assertFalse(process.output().contains("\tat "), process.output());
        assertFalse(process.output().contains("Outage of Sequin"), process.output());
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void writesAndAcks() throws Exception {
        offer(2_500);
        process.start();
        awaitDrained();
        assertEquals(2_500, rows());
        stop();
    }

    @Tag("long")
    @Test
    void stoppedWhileIdleItEndsWithItsLongPoll() throws Exception {
        process.set("sequin.wait-for", "3s").start("run").awaitOutput(" runs: consumer ");
        offer(1);
        awaitDrained();
        Duration duration = stop();
        assertTrue(duration.toMillis() < 3_000 + 7_000, duration.toString());
    }

    @Tag("long")
    @Test
    void stoppedUnderLoadItFinishesAndAcksTheBatchInFlight() throws Exception {
        process.set("sequin.batch-size", "100").start();
        offer(50_000);
        await().atMost(PATIENCE).until(() -> rows() > 1_000);
        Duration duration = stop();
        assertTrue(duration.toMillis() < 20_000, duration.toString());

        int left = consumer.left();
        assertTrue(left > 0, "it was not stopped under load");
        // what was in flight is finished, and what was written is acked
        assertEquals(0, consumer.ackPending());
        assertEquals(50_000 - left, rows());

        process.set("sequin.batch-size", "1000").start();
        awaitDrained();
        assertEquals(50_000, rows());
        stop();
    }

    @Tag("long")
    @Test
    void stoppedWhileTheDatabaseHoldsABatchItIsWrittenAndAcked() throws Exception {
        // once it has written, it looks at no template before it fetches
        consumer.offerAsIs(TestRecord.of("stripe:subscription", "s", 1, "{}"));
        process.start();
        awaitDrained();
        try (Connection blocker = database.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("lock table stripe.customers");
            offer(10);
            // one worker waits for the table, or both
            awaitLocked();
            process.terminate().awaitOutput("Stopping: ");
            assertTrue(process.isRunning());
            assertTrue(consumer.ackPending() > 0);
            blocker.rollback();
        }
        assertEquals(0, process.exitStatus(), process.output());
        assertEquals(rows(), 10 - consumer.pending());
        assertEquals(0, consumer.ackPending());
    }

    @Tag("long")
    @Test
    void startedBeforeTheDatabaseItWaitsForIt() throws Exception {
        try (TcpProxy network = process.network(database)) {
            network.refuse();
            offer(10);
            process.start().awaitOutput("trying again").awaitOutput("refused");
            assertEquals(10, consumer.pending(), "no message is fetched before the database answers");

            network.accept();
            awaitDrained();
            process.awaitOutput("Outage of PostgreSQL (postgres.url): over after ");
            assertFalse(process.output().contains(" ERROR "), process.output());
            // one, whoever notices: stop() makes sure that there is no stack trace
            List<String> refused = process.output()
                    .lines()
                    .filter(line -> line.contains("refused"))
                    .toList();
            assertTrue(refused.get(0).contains("Outage of PostgreSQL (postgres.url): "), refused.get(0));
            assertEquals(1, refused.size(), String.join("\n", refused));
            assertEquals(10, rows());
            stop();
        }
    }

    /** No worker asks the database then; and when one does, it is for want of Sequin. */
    @Tag("long")
    @Test
    void anOutageIsToldThoughNoMessageComesAndIsOverWhenThatEndWorksAgain() throws Exception {
        try (TcpProxy network = process.network(database)) {
            offer(10);
            process.start();
            awaitDrained();
            network.refuse();
            network.cut();
            process.awaitOutput("Outage of PostgreSQL (postgres.url): ");
            server.faults().always(Fault.status(503, ""), RequestKind.NEXT);
            process.awaitOutput("Outage of Sequin (the server at sequin.url): ");
            network.accept();
            process.awaitOutput("Outage of PostgreSQL (postgres.url): over after ");
            assertFalse(
                    process.output().contains("Outage of Sequin (the server at sequin.url): over"), process.output());
            server.faults().clear();
            process.awaitOutput("Outage of Sequin (the server at sequin.url): over after ");
            assertEquals(0, process.terminate().exitStatus(), process.output());
        }
    }

    @Tag("long")
    @Test
    void stoppedWhileTheDatabaseIsAwayItEnds() throws Exception {
        process.set("postgres.url", "jdbc:postgresql://localhost:" + Ports.free() + "/x")
                .start()
                .awaitOutput("trying again");
        Duration duration = stop();
        assertTrue(duration.toMillis() < 20_000, duration.toString());
        assertFalse(process.output().contains("is given up"), process.output());
        assertTrue(process.output().endsWith("Stopped.\n"), process.output());
    }
}
