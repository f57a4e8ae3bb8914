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
import io.github.sequinroutes.testkit.TcpProxy.Direction;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 2: SIGTERM at any moment, whatever hangs, ends the process within ten seconds with status 0. */
@Order(1) // takes long
class StopAtAnyMomentTest extends ProcessTest {
    private static final int MOMENTS = 6;

    /** A route of the user's own that never ends. */
    private static final String STUCK = """
            - route:
                id: stuck
                from:
                  uri: quartz:test/stuck
                  parameters:
                    cron: "* * * * * ?"
                    stateful: true
                  steps:
                    - log: "it hangs now"
                    - bean:
                        beanType: %s
                        method: hang
            """.formatted(Stuck.class.getName());

    /** A step that nobody can interrupt. */
    public static final class Stuck {
        private Stuck() {}

        /** Hangs for a minute, whatever anybody wants. */
        public static void hang() {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
                Thread.interrupted();
            }
        }
    }

    private void assertStops(TestProcess process) throws Exception {
        long begin = System.nanoTime();
        assertStopped(process.terminate(), begin);
    }

    private void assertStopped(TestProcess process, long begin) throws Exception {
        assertEquals(0, process.exitStatus(), process.output());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis < 10_000, millis + " ms\n" + process.output());
        assertTellsTheEnd(process.output());
    }

    /** A stop has a first line and a last one, and what is given up only if there was something. */
    private void assertTellsTheEnd(String output) {
        assertFalse(output.contains("\tat "), output);
        assertFalse(output.contains("DefaultShutdownStrategy") || output.contains("CamelJob"), output);
        assertFalse(consumer.delivered() == 0 && output.contains("is given up"), output);
        String last = output.lines().reduce("", (before, line) -> line);
        assertEquals(output.contains("Stopping: "), last.endsWith(" Stopped."), output);
        // what fails because of it, or only now, is nothing that anybody need look at
        String end = output.substring(Math.max(0, output.indexOf("Stopping: ")));
        assertFalse(output.contains("Stopping: ") && end.contains(" WARN "), output);
    }

    @Test
    @Tag("long")
    void atRandomMoments() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        offer(50_000);
        List<Long> moments = new ArrayList<>();
        for (int i = 0; i < MOMENTS; i++) {
            // half of them in the first two seconds, where most of the start happens
            moments.add(100 + random.nextLong(i % 2 == 0 ? 1_900 : 4_900));
        }
        String all = "seed " + seed + ", ms " + moments;
        System.out.println("Stops at random moments: " + all);
        for (long moment : moments) {
            try (TestProcess one = new TestProcess(server, database)) {
                one.set("sequin.batch-size", "100").option(TestProcess.LOADED);
                long begin = System.nanoTime();
                // the first class of the start: before it the JVM has its own answer to a signal
                one.start().awaitLoaded("io.github.sequinroutes.cli.Settings");
                long left = moment - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                assertTrue(one.runsFor(Math.max(0, left)), one.output());
                assertStops(one);
            }
            assertEquals(0, consumer.ackPending(), "given up, though it could be finished: " + all);
        }
        long acked = 50_000L - consumer.left();
        assertEquals(Long.toString(acked), database.value("select count(*) from stripe.customers"), all);
    }

    /** No worker has anything in hand, so there is nothing to wait for. */
    @Tag("long")
    @Test
    void whileTheDatabaseRefusesConnections() throws Exception {
        offer(10);
        try (TcpProxy network = process.network(database)) {
            process.start();
            awaitDrained();
            network.refuse();
            network.cut();
            offer(10);
            process.awaitOutput("Outage of PostgreSQL").awaitOutput("refused");
            // one of them has met it with messages, and given these back
            await().atMost(PATIENCE).until(() -> consumer.delivered() > 10 && consumer.ackPending() == 0);
            long begin = System.nanoTime();
            assertStops(process);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertTrue(millis < 4_000, millis + " ms\n" + process.output());
        }
    }

    @Test
    void atTheFirstMoment() throws Exception {
        process.option(TestProcess.LOADED).start().awaitLoaded("io.github.sequinroutes.cli.Settings");
        assertStops(process);
        assertEquals(0, server.requests().count(RequestKind.NEXT));
    }

    /** Both ends take connections and say nothing; the start gets as far as it can, and says of what it waits. */
    @Tag("long")
    @Test
    void duringAStartThatWaitsForBothEnds() throws Exception {
        server.faults().always(Fault.silence());
        try (TcpProxy network = process.network(database)) {
            network.stall(Direction.TO_CLIENT, Direction.TO_SERVER);
            process.start().awaitOutput("Outage of PostgreSQL (postgres.url)");
            boolean isComplete = process.output().contains(" runs: consumer ");
            assertStops(process);
            assertTrue(
                    isComplete || process.output().contains("Stopping: the start is not complete"), process.output());
        }
        assertEquals(0, consumer.delivered());
    }

    @Tag("long")
    @Test
    void whileAStepOfARouteHangs() throws Exception {
        Files.writeString(process.file("routes/stuck.camel.yaml"), STUCK);
        process.start().awaitOutput("it hangs now");
        assertStops(process);
    }

    @Tag("long")
    @Test
    void whileTheServerIsSilent() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        Fault failure = (exchange, request) -> {
            stopping.await();
            Fault.close().respond(exchange, request);
        };
        server.faults().next(1, failure);
        server.faults().always(Fault.silence());
        process.set("sequin.wait-for", "30s")
                .set("camel.management.enabled", "true")
                .set("camel.management.port", Integer.toString(Ports.free()))
                .option(TestProcess.LOADED)
                .start();
        await().atMost(PATIENCE).until(() -> server.requests().count(RequestKind.NEXT) == 2);
        // nobody has asked for health yet, and who does will not wait for classes
        process.awaitLoaded("io.vertx.core.http.impl.Http1xServerResponse");
        long begin = System.nanoTime();
        process.terminate().awaitOutput("Stopping: ");
        stopping.countDown();
        assertStopped(process, begin);
    }

    @Tag("long")
    @Test
    void whileATableIsLockedForMinutes() throws Exception {
        offer(1);
        process.start();
        awaitDrained();
        try (Connection blocker = database.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("lock table stripe.customers");
            offer(10);
            awaitLocked();
            long delivered = consumer.delivered();
            assertStops(process);
            assertEquals(delivered, consumer.delivered());
            assertEquals(10, consumer.left());
            assertTrue(
                    process.output().contains("fetched and could not be written and acked in time: given up"),
                    process.output());
            blocker.rollback();
        }
    }

    @Tag("long")
    @Test
    void whileTheDatabaseHangsAndNothingIsFetchedWhenItResumes() throws Exception {
        offer(10);
        try (TcpProxy network = process.network(database)) {
            network.stall(Direction.TO_CLIENT, Direction.TO_SERVER);
            process.start().awaitOutput(" runs: consumer ");
            // the workers ask the database before they fetch
            await().atMost(PATIENCE).until(() -> network.connections() > 1);
            long begin = System.nanoTime();
            process.terminate();
            // a stop in the middle of the start ends the process at once
            await().atMost(PATIENCE)
                    .until(() -> !process.isRunning() || process.output().contains("Stopping: "));
            network.resume(Direction.TO_CLIENT, Direction.TO_SERVER);
            assertStopped(process, begin);
        }
        assertEquals(0, consumer.delivered());
    }

    @Tag("long")
    @Test
    void whileTheDatabaseHangsForGood() throws Exception {
        offer(10);
        try (TcpProxy network = process.network(database)) {
            process.start();
            awaitDrained();
            network.stall(Direction.TO_CLIENT, Direction.TO_SERVER);
            consumer.offerAsIs(TestRecord.of("stripe:customer", "d", 1, "{\"balance\": 1}"));
            await().atMost(PATIENCE).until(() -> consumer.ackPending() == 1);
            assertStops(process);
            assertEquals(1, consumer.left());
        }
    }
}
