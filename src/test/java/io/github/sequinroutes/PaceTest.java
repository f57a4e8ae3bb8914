package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 7 and 10: how often a server is asked that is in trouble, or has nothing. */
class PaceTest {
    private static final String[] RECORDS = IntStream.range(0, 5)
            .mapToObj(i -> TestRecord.of("stripe:subscription", "id-" + i, 1, "{}"))
            .toArray(String[]::new);

    private static List<Long> requests(TestBundle bundle) {
        return bundle.server().requests().times(RequestKind.NEXT);
    }

    @Test
    void thePausesGrowExponentiallyWithJitter() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.workers", "1");
            bundle.server().faults().always(Fault.status(500, ""), RequestKind.NEXT);
            bundle.start();
            await().until(() -> requests(bundle).size() >= 5);
            List<Long> times = requests(bundle);
            for (int i = 0; i < 4; i++) {
                long gap = TimeUnit.NANOSECONDS.toMillis(times.get(i + 1) - times.get(i));
                assertTrue(gap >= 125L << i, "pause " + i + ": " + gap + " ms");
                assertTrue(gap <= (250L << i) + 1_000, "pause " + i + ": " + gap + " ms");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void theServerIsLeftAloneForAsLongAsItAsks(int status) throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.workers", "1").offer(RECORDS);
            bundle.server().faults().next(1, Fault.status(status, "", "Retry-After", "2"), RequestKind.NEXT);
            bundle.start();
            bundle.awaitDrained();
            List<Long> times = requests(bundle);
            long gap = TimeUnit.NANOSECONDS.toMillis(times.get(1) - times.get(0));
            assertTrue(gap >= 2_000 && gap < 5_000, gap + " ms");
        }
    }

    @Test
    void theServerIsLeftAloneUntilTheDateThatItNames() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.workers", "1").offer(RECORDS);
            Fault fault = (exchange, request) -> {
                String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(4));
                Fault.status(429, "", "Retry-After", date).respond(exchange, request);
            };
            bundle.server().faults().next(1, fault, RequestKind.NEXT);
            bundle.start();
            bundle.awaitDrained();
            List<Long> times = requests(bundle);
            long gap = TimeUnit.NANOSECONDS.toMillis(times.get(1) - times.get(0));
            // dates have no milliseconds
            assertTrue(gap >= 3_000 && gap < 8_000, gap + " ms");
        }
    }

    /** A client that waits by itself would say nothing, and only then fail. */
    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void thatTheServerAsksToBeLeftAloneIsSeenMeanwhile(int status) throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.workers", "1").offer(RECORDS);
            bundle.server().faults().next(1, Fault.status(status, "", "Retry-After", "20"), RequestKind.NEXT);
            bundle.start();
            bundle.awaitUnhealthy("Sequin answered " + status);
            assertEquals(1, requests(bundle).size());
        }
    }

    /** What others have in flight is soon written; and a sink that is paused stays so for long. */
    @Test
    void emptyAnswersAtOnceAreAskedForEverMoreRarelyUpToOnceASecond() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            // another client has all there is in flight
            bundle.offer(RECORDS).consumer().next(5, Duration.ZERO);
            bundle.server().faults().always(Fault.status(200, "{\"data\": []}"), RequestKind.NEXT);
            bundle.set("sequin.workers", "1").set("sequin.wait-for", "5s").start();
            await().until(() -> requests(bundle).size() >= 9);
            List<Long> times = requests(bundle);
            // the first finds the consumer drained, the second that it does not wait
            for (int i = 2; i < times.size(); i++) {
                long gap = TimeUnit.NANOSECONDS.toMillis(times.get(i) - times.get(i - 1));
                long rest = Math.min(1_000, 50L << (i - 2));
                assertTrue(gap >= rest - 10 && gap <= rest + 1_000, "request " + i + " after " + gap + " ms");
            }
        }
    }
}
