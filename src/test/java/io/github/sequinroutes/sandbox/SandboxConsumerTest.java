package io.github.sequinroutes.sandbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.sandbox.SandboxConsumer.Delivery;
import io.github.sequinroutes.sandbox.SandboxConsumer.NextResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SandboxConsumerTest {
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(1);

    // near its greatest value: System.nanoTime may overflow, too
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final SandboxConsumer consumer = new SandboxConsumer(ACK_WAIT, 1000, clock::get);

    private void leaseEnds() {
        clock.addAndGet(ACK_WAIT.toNanos());
    }

    private List<Delivery> take(int batchSize) throws InterruptedException {
        return consumer.next(batchSize, Duration.ZERO).deliveries();
    }

    private List<String> takeRecords(int batchSize) throws InterruptedException {
        return take(batchSize).stream().map(Delivery::record).toList();
    }

    private String takeOne() throws InterruptedException {
        return take(1).get(0).token();
    }

    @Test
    void workersNeverShareAMessage() throws Exception {
        SandboxConsumer shared = new SandboxConsumer(LONG, 10_000);
        List<FutureTask<List<Delivery>>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(start(() -> {
                List<Delivery> taken = new ArrayList<>();
                while (taken.size() < 500) {
                    taken.addAll(shared.next(1, LONG).deliveries());
                }
                return taken;
            }));
        }
        for (int i = 0; i < 2000; i++) {
            shared.offerAsIs(Integer.toString(i));
        }
        HashSet<String> records = new HashSet<>();
        HashSet<String> tokens = new HashSet<>();
        for (FutureTask<List<Delivery>> worker : workers) {
            for (Delivery delivery : worker.get(1, TimeUnit.MINUTES)) {
                records.add(delivery.record());
                tokens.add(delivery.token());
            }
        }
        assertEquals(2000, records.size());
        assertEquals(2000, tokens.size());
        assertEquals(2000, shared.ackPending());
    }

    @Test
    void deliversInTheOrderOffered() throws Exception {
        List.of("1", "2", "3").forEach(consumer::offerAsIs);
        assertEquals(List.of("1", "2"), takeRecords(2));
        assertEquals(List.of("3"), takeRecords(2));
    }

    @Test
    void answersWithFewerThanAskedForIfToldTo() throws Exception {
        List.of("1", "2", "3").forEach(consumer::offerAsIs);
        consumer.answerAtMost(2);
        assertEquals(List.of("1", "2"), takeRecords(3));
        consumer.answerAtMost(Integer.MAX_VALUE);
        assertEquals(List.of("3"), takeRecords(3));
    }

    @Test
    void saysWhatIsPendingAndWhatIsInFlight() throws Exception {
        List.of("1", "2", "3").forEach(consumer::offerAsIs);
        NextResult next = consumer.next(2, Duration.ZERO);
        assertEquals(List.of(1, 2), List.of(next.pending(), next.ackPending()));

        consumer.ack(List.of(next.deliveries().get(0).token()));
        assertEquals(
                List.of(1, 1, 2, 2L),
                List.of(consumer.pending(), consumer.ackPending(), consumer.left(), consumer.delivered()));
    }

    @Test
    void deliversAgainWithANewTokenOnceTheLeaseHasEnded() throws Exception {
        consumer.offerAsIs("1");
        String token = takeOne();
        clock.addAndGet(ACK_WAIT.toNanos() - 1);
        assertEquals(List.of(), take(1));

        clock.addAndGet(1);
        assertEquals(List.of(1, 0), List.of(consumer.pending(), consumer.ackPending()));
        String again = takeOne();
        assertNotEquals(token, again);

        consumer.ack(List.of(token));
        consumer.nack(List.of(token));
        assertEquals(1, consumer.ackPending());
        consumer.ack(List.of(again));
        assertEquals(0, consumer.left());
    }

    @Test
    void anAckAfterTheLeaseIsIgnored() throws Exception {
        consumer.offerAsIs("1");
        String token = takeOne();
        leaseEnds();
        consumer.ack(List.of(token));
        assertEquals(1, consumer.pending());
    }

    @Test
    void aNackMakesAvailableAtOnceAndInTheOldPlace() throws Exception {
        List.of("1", "2").forEach(consumer::offerAsIs);
        String token = takeOne();
        consumer.nack(List.of(token, "unknown"));
        assertEquals(List.of("1", "2"), takeRecords(2));
        consumer.ack(List.of(token));
        assertEquals(2, consumer.ackPending());
    }

    @Test
    void aNewerVersionReplacesAnUndeliveredOne() throws Exception {
        consumer.offer("a", "a1");
        consumer.offer("b", "b1");
        consumer.offer("a", "a2");
        assertEquals(List.of("b1", "a2"), takeRecords(3));
    }

    @Test
    void aNewerVersionReplacesOneThatWasGivenBack() throws Exception {
        consumer.offer("a", "a1");
        consumer.nack(List.of(takeOne()));
        consumer.offer("a", "a2");
        assertEquals(List.of("a2"), takeRecords(2));
    }

    @Test
    void aNewerVersionIsWithheldUntilTheOlderIsAcked() throws Exception {
        consumer.offer("a", "a1");
        String token = takeOne();
        consumer.offer("a", "a2");
        consumer.offer("a", "a3");
        assertEquals(List.of(), take(1));
        assertEquals(List.of(0, 1), List.of(consumer.pending(), consumer.left()));

        consumer.ack(List.of(token));
        List<Delivery> newer = take(2);
        assertEquals(List.of("a3"), newer.stream().map(Delivery::record).toList());
        consumer.ack(List.of(newer.get(0).token()));
        assertEquals(0, consumer.left());
    }

    @Test
    void aNewerVersionReplacesOneWhoseLeaseEnds() throws Exception {
        consumer.offer("a", "a1");
        String token = takeOne();
        consumer.offer("a", "a2");
        leaseEnds();
        consumer.ack(List.of(token));
        assertEquals(List.of("a2"), takeRecords(2));
    }

    @Test
    void aNewerVersionReplacesOneWhoseLeaseHasEnded() throws Exception {
        consumer.offer("a", "a1");
        takeOne();
        leaseEnds();
        consumer.offer("a", "a2");
        assertEquals(List.of("a2"), takeRecords(2));
    }

    @Test
    void aNewerVersionReplacesOneThatIsNacked() throws Exception {
        consumer.offer("a", "a1");
        String token = takeOne();
        consumer.offer("a", "a2");
        consumer.nack(List.of(token));
        assertEquals(List.of("a2"), takeRecords(2));
    }

    @Test
    void aRecordComesBackAfterItWasAcked() throws Exception {
        consumer.offer("a", "a1");
        consumer.ack(List.of(takeOne()));
        consumer.offer("a", "a2");
        assertEquals(List.of("a2"), takeRecords(2));
    }

    @Test
    void noMoreAreInFlightThanAllowed() throws Exception {
        SandboxConsumer strict = new SandboxConsumer(LONG, 2);
        List.of("1", "2", "3").forEach(strict::offerAsIs);
        NextResult next = strict.next(10, Duration.ZERO);
        assertEquals(2, next.deliveries().size());
        assertEquals(List.of(), strict.next(1, Duration.ZERO).deliveries());

        FutureTask<List<Delivery>> waiting =
                startWaiting(() -> strict.next(1, LONG).deliveries());
        strict.ack(List.of(next.deliveries().get(1).token()));
        assertEquals("3", waiting.get(1, TimeUnit.MINUTES).get(0).record());
    }

    @Test
    void aLongPollEndsWithTheBatchFull() throws Exception {
        SandboxConsumer patient = new SandboxConsumer(LONG, 10);
        FutureTask<List<Delivery>> waiting =
                startWaiting(() -> patient.next(2, LONG).deliveries());
        patient.offer("a", "a1");
        patient.offer("a", "a2");
        assertFalse(waiting.isDone());
        patient.offer("b", "b1");
        assertEquals(
                List.of("a2", "b1"),
                waiting.get(1, TimeUnit.MINUTES).stream().map(Delivery::record).toList());
    }

    @Test
    void aLongPollEndsWithItsTime() throws Exception {
        SandboxConsumer patient = new SandboxConsumer(LONG, 10);
        patient.offerAsIs("1");
        long begin = System.nanoTime();
        assertEquals(1, patient.next(2, Duration.ofMillis(100)).deliveries().size());
        assertFalse(System.nanoTime() - begin < 100_000_000, "waits");
    }

    @Test
    void aLongPollGetsWhatComesBack() throws Exception {
        SandboxConsumer quick = new SandboxConsumer(Duration.ofMillis(100), 10);
        quick.offerAsIs("1");
        String token = quick.next(1, Duration.ZERO).deliveries().get(0).token();
        Delivery again = quick.next(1, LONG).deliveries().get(0);
        assertEquals("1", again.record());
        assertNotEquals(token, again.token());
    }

    @Test
    void aRestartForgetsTheTokensOnly() throws Exception {
        consumer.offer("a", "a1");
        consumer.offer("b", "b1");
        consumer.offerAsIs("1");
        List<String> tokens = take(2).stream().map(Delivery::token).toList();
        consumer.offer("b", "b2");
        consumer.restart();
        consumer.ack(tokens);
        assertEquals(List.of("a1", "1", "b2"), takeRecords(4));
        consumer.ack(tokens);
        assertEquals(3, consumer.ackPending());
    }

    @Test
    void letsAcksBeObservedBeforeTheyAreApplied() throws Exception {
        List<String> seen = new ArrayList<>();
        consumer.observeAcks(records -> seen.add(records + " of " + consumer.left()));
        List.of("1", "2", "3").forEach(consumer::offerAsIs);
        String expired = takeOne();
        leaseEnds();
        List<String> tokens = take(2).stream().map(Delivery::token).toList();
        consumer.ack(List.of(expired, tokens.get(1), "unknown"));
        consumer.ack(tokens);
        assertEquals(List.of("[2] of 3", "[1] of 2"), seen);
    }

    private static <T> FutureTask<T> start(Callable<T> task) {
        return start(task, false);
    }

    private static <T> FutureTask<T> startWaiting(Callable<T> task) {
        return start(task, true);
    }

    private static <T> FutureTask<T> start(Callable<T> task, boolean untilItWaits) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(future, "worker");
        thread.setDaemon(true);
        thread.start();
        if (untilItWaits) {
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        return future;
    }

    /** Whoever compares two readers of the samples must not see differences that the samples made. */
    @Test
    void oneVersionOfASampleHasOneContent() throws Exception {
        SandboxConsumer samples = new SandboxConsumer(LONG, 10_000);
        new SampleStream(samples).offer(2_000);
        Map<String, String> contents = new HashMap<>();
        int twice = 0;
        for (Delivery delivery : samples.next(3_000, Duration.ZERO).deliveries()) {
            JsonNode record = new ObjectMapper().readTree(delivery.record());
            if (record.hasNonNull("id") && record.hasNonNull("updated_idx")) {
                String key = record.get("collection_id").textValue() + record.get("id") + record.get("updated_idx");
                String before = contents.putIfAbsent(key, delivery.record());
                assertEquals(before == null ? delivery.record() : before, delivery.record());
                twice += before == null ? 0 : 1;
            }
        }
        assertNotEquals(0, twice);
    }
}
