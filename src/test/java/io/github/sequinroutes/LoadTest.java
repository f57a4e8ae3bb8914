package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.sandbox.Response;
import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.write.OutcomeCounters;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/promises.md 23, 33, 35 and 37: odd records, a slow database, a stream that is all wrong, and what is counted. */
class LoadTest {
    private static String subscription(String id, String data) {
        return TestRecord.of("stripe:subscription", id, 1, data);
    }

    private static String[] subscriptions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> subscription("id-" + i, "{\"quantity\": 1}"))
                .toArray(String[]::new);
    }

    private static OutcomeCounters outcomes(TestBundle bundle) {
        return bundle.standalone().bundle().collections().outcomes();
    }

    @Test
    void aRecordBeyondTheLimitIsADeadLetterAndTheOthersAreWritten() throws Exception {
        String large = subscription("large", "{\"plan\": {\"id\": \"" + "é".repeat(1_000) + "\"}}");
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.max-record-size", "2000")
                    .offer(subscriptions(50))
                    .offer(large)
                    .offer(TestRecord.of("stripe:subscription", "large", 0, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("rejected|54000|large"), bundle.deadLetters());
            // the version before it is still good
            assertEquals("51", bundle.database().value("select count(*) from stripe.subscriptions"));
            String error = bundle.database().value("select error from sequin.dead_letters");
            assertTrue(error.matches("the record has 2\\d{3} bytes, more than sequin.max-record-size = 2000.*"), error);
            String message = bundle.database().value("select message from sequin.dead_letters");
            assertTrue(message.endsWith("\"record\":" + large + "}"), message);
        }
    }

    @Test
    void manyKeysAndManyLevelsAreWritten() throws Exception {
        String keys = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"key-" + i + "\": " + i)
                .collect(Collectors.joining(",", "{", "}"));
        String levels = "[".repeat(500) + "]".repeat(500);
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(subscription("keys", "{\"metadata\": " + keys + "}"))
                    .offer(subscription("levels", "{\"metadata\": {\"a\": " + levels + "}, \"other\": " + levels + "}"))
                    .offer(subscriptions(498))
                    .start()
                    .awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("500", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals(
                    "9999",
                    bundle.database()
                            .value("select metadata->>'key-9999' from stripe.subscriptions where id = 'keys'"));
        }
    }

    @Test
    void aStreamThatIsAllWrongFillsTheDiskOnlySlowly() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.workers", "1")
                    .set("sequin.batch-size", "10")
                    .set("sequin.dead-letters-per-second", "50");
            for (int i = 0; i < 100; i++) {
                bundle.offer(i % 2 == 0 ? "[]" : TestRecord.of("no:route", "id-" + i, 1, "{}"));
            }
            bundle.start().awaitDrained();
            // ten batches of ten: nine pauses of 200 ms
            assertEquals(
                    "true",
                    bundle.database()
                            .value("select (max(last_failed_at) - min(first_failed_at) > interval '1700 ms')::text"
                                    + " from sequin.dead_letters"));
            assertEquals(100, outcomes(bundle).of(Outcome.DEAD_LETTERED));
        }
    }

    @Test
    void aSlowDatabaseNeverHasMoreInFlightThanTheWorkersHold() throws Exception {
        AtomicInteger max = new AtomicInteger();
        try (TestBundle bundle = new TestBundle();
                TcpProxy proxy = proxy(bundle)) {
            Fault observer = (exchange, request) -> {
                Response answer = request.perform();
                max.accumulateAndGet(bundle.consumer().ackPending(), Math::max);
                answer.send(exchange);
            };
            bundle.server().faults().always(observer, RequestKind.NEXT);
            proxy.delay(Duration.ofMillis(25));
            bundle.set("postgres.url", bundle.database().url().replaceFirst("localhost:\\d+", proxy.authority()))
                    .set("sequin.workers", "3")
                    .set("sequin.batch-size", "10")
                    .offer(subscriptions(300))
                    .start()
                    .awaitDrained();
            assertTrue(max.get() > 0 && max.get() <= 3 * 10, max + " in flight");
            assertEquals(300, bundle.consumer().delivered());
        }
    }

    @Test
    void theOutcomesAddUpUnderFaults() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(2));
                TcpProxy proxy = proxy(bundle)) {
            bundle.server().faults().next(2, Fault.status(500, ""), RequestKind.ACK);
            bundle.server().faults().next(2, Fault.close().afterTheEffect(), RequestKind.ACK);
            bundle.set("postgres.url", bundle.database().url().replaceFirst("localhost:\\d+", proxy.authority()))
                    .set("sequin.batch-size", "50")
                    .offer(subscriptions(400))
                    .offer(subscriptions(100))
                    .offer("[]", subscription("bad", "{\"quantity\": \"many\"}"))
                    .start();
            proxy.cutAfter(60_000, TcpProxy.Direction.TO_SERVER);
            bundle.awaitDrained();
            OutcomeCounters outcomes = outcomes(bundle);
            long durable =
                    outcomes.of(Outcome.WRITTEN) + outcomes.of(Outcome.SUPERSEDED) + outcomes.of(Outcome.DEAD_LETTERED);
            assertTrue(durable >= 502, durable + " durable");
            assertEquals(
                    bundle.consumer().delivered(),
                    Arrays.stream(Outcome.values()).mapToLong(outcomes::of).sum());
            assertEquals("400", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals(2, bundle.deadLetters().size());
        }
    }

    private static TcpProxy proxy(TestBundle bundle) throws Exception {
        URI database = URI.create(bundle.database().url().substring("jdbc:".length()));
        return new TcpProxy(database.getHost(), database.getPort());
    }
}
