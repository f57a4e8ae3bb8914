package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/promises.md 7: whatever the server or the network does, the workers back off, lose nothing, and resume by themselves. */
class HttpFailuresTest {
    private static final int WORKERS = 2;

    private interface Network {
        void change(TcpProxy proxy) throws Exception;
    }

    private static String[] records(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> TestRecord.of("stripe:subscription", "id-" + i, 1, "{\"quantity\": 1}"))
                .toArray(String[]::new);
    }

    private static TestBundle bundle() throws Exception {
        return new TestBundle(Duration.ofSeconds(1)).set("sequin.wait-for", "500ms");
    }

    private static TcpProxy proxy(TestBundle bundle) throws Exception {
        URI server = URI.create(bundle.server().url());
        return new TcpProxy(server.getHost(), server.getPort());
    }

    private static List<Long> requests(TestBundle bundle) {
        return bundle.server().requests().times(RequestKind.NEXT);
    }

    private static void awaitDown(TestBundle bundle) {
        await().until(() -> bundle.health().getState() == HealthCheck.State.DOWN);
    }

    /** The fault is over: the workers resume at the end of the pause, which is not long after a short fault. */
    private static void assertRecovered(TestBundle bundle, int records) throws Exception {
        long begin = System.nanoTime();
        bundle.awaitDrained();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis < 10_000, "recovered after " + millis + " ms");
        assertEquals(Integer.toString(records), bundle.database().value("select count(*) from stripe.subscriptions"));
        assertEquals(List.of(), bundle.deadLetters());
        await().until(() -> bundle.health().getState() == HealthCheck.State.UP);
    }

    private static void assertBounded(List<Long> times) {
        long second = TimeUnit.SECONDS.toNanos(1);
        for (long begin : times) {
            long within = times.stream()
                    .filter(time -> time >= begin && time < begin + second)
                    .count();
            // after pauses of at least 125, 250 and 500 ms, and a first one that may have begun just before
            assertTrue(within <= 5 * WORKERS, within + " requests within a second");
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("closed", Fault.close()),
                arguments("cut short", Fault.cutShort()),
                arguments("cut short in chunks", Fault.cutShortInChunks()),
                arguments("truncated JSON", Fault.halfTheBody()),
                arguments("dripping", Fault.drip(Duration.ofMillis(100))),
                arguments("silent", Fault.silence()),
                arguments("500", Fault.status(500, "{\"summary\": \"oops\"}")),
                arguments("503", Fault.status(503, "")),
                arguments("HTML 502", Fault.status(502, "<html>Bad Gateway</html>", "Content-Type", "text/html")),
                arguments("HTML 200", Fault.status(200, "<html>Please log in</html>", "Content-Type", "text/html")),
                arguments("empty 200", Fault.status(200, "")),
                arguments("204", Fault.status(204, "")),
                arguments("null", Fault.status(200, "null")),
                arguments("429", Fault.status(429, "{\"summary\": \"slow down\"}")));
    }

    @Tag("long")
    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultOfTheServerIsBackedOffFrom(String name, Fault fault) throws Exception {
        try (TestBundle bundle = bundle();
                TcpProxy proxy = proxy(bundle)) {
            bundle.set("sequin.url", "http://" + proxy.authority())
                    .start()
                    .offer(records(0, 5))
                    .awaitDrained();

            bundle.server().faults().always(fault, RequestKind.NEXT);
            int before = requests(bundle).size();
            bundle.offer(records(5, 25));
            await().atMost(Duration.ofSeconds(30)).until(() -> requests(bundle).size() >= before + 3 * WORKERS);
            awaitDown(bundle);
            List<Long> times = requests(bundle);
            assertBounded(times.subList(before, times.size()));
            // one for each worker, and one to ack; those that are given up are closed
            await(name).until(() -> proxy.connections() <= 2 * WORKERS);

            bundle.server().faults().clear();
            assertRecovered(bundle, 25);
        }
    }

    private static void whileTheNetwork(Network isBroken, Network isFixed) throws Exception {
        try (TestBundle bundle = bundle();
                TcpProxy proxy = proxy(bundle)) {
            bundle.set("sequin.url", "http://" + proxy.authority())
                    .start()
                    .offer(records(0, 5))
                    .awaitDrained();
            isBroken.change(proxy);
            int before = requests(bundle).size();
            bundle.offer(records(5, 25));
            awaitDown(bundle);
            List<Long> times = requests(bundle);
            assertBounded(times.subList(before, times.size()));
            isFixed.change(proxy);
            assertRecovered(bundle, 25);
        }
    }

    @Test
    void aRefusedConnectionIsBackedOffFrom() throws Exception {
        whileTheNetwork(
                proxy -> {
                    proxy.refuse();
                    proxy.cut();
                },
                TcpProxy::accept);
    }

    @Test
    void aResetConnectionIsBackedOffFrom() throws Exception {
        whileTheNetwork(TcpProxy::cut, proxy -> {});
    }

    @Test
    void anAnswerThatIsResetHalfwayIsBackedOffFrom() throws Exception {
        whileTheNetwork(proxy -> proxy.cutAfter(3_000, TcpProxy.Direction.TO_CLIENT), proxy -> {});
    }

    @Test
    void aHalfOpenConnectionIsGivenUp() throws Exception {
        whileTheNetwork(
                proxy -> proxy.stall(TcpProxy.Direction.TO_CLIENT),
                proxy -> proxy.resume(TcpProxy.Direction.TO_CLIENT));
    }

    @Test
    void aCompressedAnswerIsRead() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.server().faults().always(Fault.gzip());
            bundle.offer(records(0, 100)).start().awaitDrained();
            assertEquals("100", bundle.database().value("select count(*) from stripe.subscriptions"));
        }
    }

    @Tag("long")
    @Test
    void whatIsWrittenBeforeAnAnswerBreaksOffIsAcked() throws Exception {
        String large = TestRecord.of("stripe:customer", "large", 1, "{\"name\": \"" + "x".repeat(9_000_000) + "\"}");
        try (TestBundle bundle = new TestBundle(Duration.ofMinutes(1))) {
            bundle.server().faults().next(1, Fault.cutShort(), RequestKind.NEXT);
            // the first half of the answer holds one batch of 16 MB and a part of the next
            for (int i = 0; i < 8; i++) {
                bundle.offer(large);
            }
            bundle.set("sequin.workers", "1").start();
            await().atMost(Duration.ofSeconds(30)).until(() -> bundle.consumer().left() < 8);
            assertEquals(6, bundle.consumer().left());
        }
    }
}
