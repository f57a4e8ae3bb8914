package io.github.sequinroutes.sandbox.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.stream.StreamSink.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The messages of a sink, as the real server was seen to treat them. */
class StreamSinkTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    // near its greatest value: System.nanoTime may overflow, too
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private StreamSink sink = new StreamSink("sink", SinkOptions.defaults(), clock::get);

    private static StreamMessage message(String collection, String key, String action, String json) {
        return new StreamMessage(collection, key == null ? List.of() : List.of(key), action, json);
    }

    private void offer(String... rows) {
        for (String row : rows) {
            // key and version, such as a1
            sink.offer(List.of(message("public.t", row.substring(0, 1), "update", row)));
        }
    }

    private List<Delivery> take(int limit) throws InterruptedException {
        return sink.receive(limit, Duration.ZERO);
    }

    private static List<String> rows(List<Delivery> deliveries) {
        return deliveries.stream().map(delivery -> delivery.message().json()).toList();
    }

    private static List<String> ids(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::ackId).toList();
    }

    private void leasesEnd() {
        clock.addAndGet(SinkOptions.defaults().ackWait().toNanos());
    }

    @Test
    void aGroupHasOneMessageInFlightAndAnAnswer() throws Exception {
        offer("a1", "a2", "b1", "a3");
        List<Delivery> first = take(10);
        assertEquals(List.of("a1", "b1"), rows(first));
        assertEquals(List.of(), take(10));
        sink.ack(ids(first));
        assertEquals(List.of("a2"), rows(take(10)));
    }

    @Test
    void aNewerMessageWaitsForTheLeaseOfTheOlderWhichComesAgainUnderTheSameId() throws Exception {
        offer("a1", "a2");
        List<Delivery> first = take(10);
        leasesEnd();
        List<Delivery> second = take(10);
        assertEquals(List.of("a1"), rows(second));
        assertEquals(ids(first), ids(second));
        sink.ack(ids(first)); // late, and it acks the copy of the second worker
        assertEquals(List.of("a2"), rows(take(10)));
    }

    @Test
    void aLeaseLastsItsTime() throws Exception {
        offer("a1");
        take(1);
        clock.addAndGet(SinkOptions.defaults().ackWait().toNanos() - 1);
        assertEquals(List.of(), take(1));
        clock.addAndGet(1);
        assertEquals(1, sink.inFlight(), "only a request takes it back");
        assertEquals(List.of("a1"), rows(take(1)));
    }

    @Test
    void withoutGroupsOrAKeySeveralMessagesAreInFlight() throws Exception {
        sink = new StreamSink("ungrouped", SinkOptions.defaults().ungrouped(), clock::get);
        offer("a1", "a2");
        assertEquals(List.of("a1", "a2"), rows(take(10)));
        sink = new StreamSink("grouped", SinkOptions.defaults(), clock::get);
        sink.offer(List.of(message("public.t", null, "insert", "1"), message("public.t", null, "insert", "2")));
        assertEquals(List.of("1", "2"), rows(take(10)));
    }

    @Test
    void rowsOfTwoTablesWithOneKeyAreTwoGroups() throws Exception {
        sink.offer(List.of(message("public.t", "a", "insert", "1"), message("public.u", "a", "insert", "2")));
        assertEquals(List.of("1", "2"), rows(take(10)));
    }

    @Test
    void aNackIsGoodAtOnce() throws Exception {
        offer("a1");
        List<Delivery> first = take(1);
        sink.nack(ids(first));
        assertEquals(first, take(1));
    }

    @Test
    void anAckIsComparedByteForByte() throws Exception {
        offer("a1", "b1");
        List<String> ids = ids(take(10));
        sink.ack(List.of(
                ids.get(0).toUpperCase(Locale.ROOT),
                ids.get(0).replace("-", ""),
                "00000000-0000-4000-8000-000000000000"));
        assertEquals(2, sink.left());
        sink.ack(List.of(ids.get(0), ids.get(0)));
        assertEquals(1, sink.left());
        sink.ack(ids);
        assertEquals(0, sink.left());
    }

    @Test
    void afterARestartWhatWasInFlightComesAtOnceUnderNewIds() throws Exception {
        offer("a1", "b1");
        List<Delivery> first = take(1);
        sink.restart(0);
        sink.ack(ids(first)); // does nothing
        List<Delivery> second = take(10);
        assertEquals(List.of("a1", "b1"), rows(second));
        assertNotEquals(first.get(0).ackId(), second.get(0).ackId());
    }

    @Test
    void afterARestartWhatWasAckedComesBackTheOldestFirst() throws Exception {
        offer("a1", "b1", "a2", "a3");
        sink.ack(ids(take(10))); // a1 and b1
        sink.ack(ids(take(10))); // a2
        assertEquals(List.of("a3"), rows(take(10)));
        assertEquals(2, sink.restart(2));
        List<String> rows = new ArrayList<>();
        for (List<Delivery> some = take(10); !some.isEmpty(); some = take(10)) {
            rows.addAll(rows(some));
            sink.ack(ids(some));
        }
        assertEquals(List.of("b1", "a2", "a3"), rows);
        assertEquals(4, sink.restart(100));
        assertEquals(List.of("a1", "b1"), rows(take(10)));
        assertEquals(4, sink.left());
    }

    @Test
    void readsDoNotComeBack() throws Exception {
        sink.offer(List.of(message("public.t", "a", "read", "a")));
        sink.ack(ids(take(1)));
        assertEquals(0, sink.restart(100));
        assertEquals(0, sink.left());
    }

    @Test
    void aLongPollEndsWithTheFirstMessage() throws Exception {
        sink = new StreamSink("sink", SinkOptions.defaults(), System::nanoTime);
        FutureTask<List<Delivery>> poll = new FutureTask<>(() -> sink.receive(10, LONG));
        Thread thread = new Thread(poll);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        offer("a1");
        assertEquals(List.of("a1"), rows(poll.get(20, TimeUnit.SECONDS)));
    }

    @Test
    void aLongPollEndsAtOnceWhileAnythingIsInFlight() throws Exception {
        sink = new StreamSink("sink", SinkOptions.defaults(), System::nanoTime);
        offer("a1", "a2");
        take(1);
        FutureTask<List<Delivery>> poll = new FutureTask<>(() -> sink.receive(10, LONG));
        new Thread(poll).start();
        assertEquals(List.of(), poll.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aPausedSinkDeliversNothingAndTakesAcks() throws Exception {
        offer("a1", "b1");
        List<Delivery> first = take(1);
        sink.state(SinkState.PAUSED);
        assertEquals(List.of(), take(10));
        sink.ack(ids(first));
        sink.state(SinkState.ACTIVE);
        assertEquals(List.of("b1"), rows(take(10)));
    }

    @Test
    void aDeletedSinkIsThereForSomeTime() {
        sink.delete(Duration.ofSeconds(12));
        assertEquals(SinkState.NO_STORE, sink.state());
        clock.addAndGet(Duration.ofSeconds(12).toNanos());
        assertEquals(SinkState.DELETED, sink.state());
    }

    @Test
    void aPoisonousMessageHoldsItsBatchForALease() throws Exception {
        offer("a1", "b1", "c1");
        sink.poison(message -> message.key().contains("b"));
        assertThrows(NotEncodableException.class, () -> take(2));
        assertEquals(List.of("c1"), rows(take(10)));
        leasesEnd();
        assertEquals(List.of("a1"), rows(take(1)));
        assertThrows(NotEncodableException.class, () -> take(1));
        assertEquals(3, sink.left());
    }

    @Test
    void readsOfRowsThatChangedMeanwhileAreLeftOut() throws Exception {
        sink.watchChanges();
        offer("a1");
        sink.offerReads(List.of(message("public.t", "a", "read", "stale"), message("public.t", "b", "read", "good")));
        assertEquals(List.of("a1", "good"), rows(take(10)));
        sink.watchChanges();
        sink.offerReads(List.of(message("public.t", "c", "read", "good, too")));
        assertEquals(List.of("good, too"), rows(take(10)));
    }

    @Test
    void acksAreObservedBeforeTheyAreApplied() throws Exception {
        offer("a1", "b1");
        List<String> seen = new ArrayList<>();
        sink.observeAcks(messages -> messages.forEach(message -> seen.add(message.json() + sink.left())));
        List<String> ids = ids(take(1));
        sink.ack(ids);
        sink.ack(ids);
        assertEquals(List.of("a12"), seen);
        assertEquals(1, sink.delivered());
    }

    @Test
    void deliversItsTables() {
        StreamSink some = new StreamSink("some", SinkOptions.defaults().withTables(Set.of("public.t")), clock::get);
        assertTrue(some.delivers("public.t") && sink.delivers("public.u"));
        assertFalse(some.delivers("public.u"));
    }
}
