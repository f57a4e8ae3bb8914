package io.github.sequinroutes.sequin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.AckFailedException;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class AcknowledgerTest {
    private final List<String> calls = new ArrayList<>();
    private final Set<String> taken = new TreeSet<>();
    private Set<String> refused = Set.of();
    private long now;
    private final AckFailures failures = new AckFailures(30_000, Throwable::getMessage, () -> now);

    private void call(String call, Map<String, List<String>> body) throws Exception {
        List<String> tokens = body.get("ack_tokens");
        calls.add(call + " " + tokens.size());
        if (tokens.stream().anyMatch(refused::contains)) {
            throw new HttpOperationFailedException("http://sequin/ack", 400, "Bad Request", null, Map.of(), "");
        }
        taken.addAll(tokens);
    }

    private static List<String> tokens(int count) {
        return IntStream.range(0, count).mapToObj(i -> "t%03d".formatted(i)).toList();
    }

    private static Exchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }

    private static Batch batch() {
        Batch batch = Batches.of(
                List.of("a", "b", "c").stream()
                        .map(id -> "{\"ack_token\": \"" + id + "\", \"record\": {\"id\": \"" + id + "\"}}")
                        .toList(),
                new Lease(1_000),
                SequinApi.of("consume").format());
        batch.messages().get(0).settle(Outcome.WRITTEN);
        batch.messages().get(1).settle(Outcome.LEFT_UNACKED);
        return batch;
    }

    @Test
    void ofAThousandTokensTheOneThatIsRefusedIsFoundInTwentyOneCalls() throws Exception {
        refused = Set.of("t499");
        new Acknowledger(SequinApi.of("consume"), failures, this::call).giveBack(tokens(1000));
        Set<String> others = new TreeSet<>(tokens(1000));
        others.removeAll(refused);
        assertEquals(others, taken);
        assertTrue(calls.size() <= 21, calls.toString());
    }

    /** What is written comes again and again then, and nobody would know. */
    @Test
    void aServerThatRefusesEachTokenTakesNoAcks() {
        refused = Set.of("a", "b");
        Batch batch = batch();
        batch.messages().get(1).settle(Outcome.WRITTEN);
        Acknowledger acks = new Acknowledger(SequinApi.of("consume"), failures, this::call);
        Exception failed = assertThrows(AckFailedException.class, () -> acks.settle(batch, exchange()));
        assertTrue(Failures.describe(failed).startsWith("Sequin answered 400: "), Failures.describe(failed));
        assertTrue(failures.areThere());
    }

    /** It may be at fault itself: the worker goes on, but acks fail until one is taken. */
    @Test
    void oneThatIsRefusedAloneHoldsUpNothing() throws Exception {
        refused = Set.of("a");
        Acknowledger acks = new Acknowledger(SequinApi.of("consume"), failures, this::call);
        acks.settle(batch(), exchange());
        assertEquals(Set.of("c"), taken);
        assertTrue(failures.areThere());
        refused = Set.of();
        acks.settle(batch(), exchange());
        assertFalse(failures.areThere());
    }

    @Test
    void ofAThousandThatAreRefusedThereIsALineNowAndOneAMinute() {
        Refusals refusals = new Refusals(Exception::getMessage, () -> now);
        Exception why = new IOException("refused by the thousand");
        try (LogWatch log = new LogWatch("refused by the thousand")) {
            for (int second = 0; second < 90; second++) {
                refusals.tell("ack", second % 2 == 0 ? List.of(why, why) : List.of());
                now += TimeUnit.SECONDS.toNanos(1);
            }
            String again = ", to come again when the lease is over: refused by the thousand.";
            assertEquals(
                    List.of(
                            "WARN The server refuses to ack 2 messages" + again,
                            "WARN The server refuses to ack 60 messages" + again),
                    log.lines(""));
        }
    }

    @Test
    void whatIsDurableIsAckedAndWhatIsUnsettledGivenBackInOneCallEach() throws Exception {
        new Acknowledger(SequinApi.of("consume"), failures, this::call).settle(batch(), exchange());
        assertEquals(List.of("ack 1", "nack 1"), calls);
        assertEquals(Set.of("a", "c"), taken);
    }

    @Test
    void withoutTokensNothingIsCalled() throws Exception {
        new Acknowledger(SequinApi.of("consume"), failures, this::call).giveBack(List.of());
        assertEquals(List.of(), calls);
    }

    @Test
    void anyOtherFailureEndsIt() {
        IOException down = new IOException("down");
        Acknowledger acks = new Acknowledger(SequinApi.of("consume"), failures, (call, body) -> {
            throw down;
        });
        Exchange exchange = exchange();
        Exception before = new Exception("the batch has failed");
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, before);
        Exception failed = assertThrows(AckFailedException.class, () -> acks.settle(batch(), exchange));
        assertSame(down, failed.getCause());
        assertArrayEquals(new Throwable[] {failed}, before.getSuppressed());
        assertEquals("down", Failures.describe(failed));
    }

    @Test
    void acksThatFailAreAProblemOnceItLastsUntilOneSucceedsOrTheirMessagesAreOthers() throws Exception {
        failures.failed(new IOException("503"));
        assertTrue(failures.areThere());
        assertNull(failures.problem());
        now += TimeUnit.SECONDS.toNanos(30);
        failures.failed(new IOException("503"));
        assertTrue(failures.problem().startsWith("acks fail, for 30 s: 503; "), failures.problem());
        // to give back is not to ack
        new Acknowledger(SequinApi.of("consume"), failures, this::call).giveBack(tokens(1));
        assertTrue(failures.areThere());
        new Acknowledger(SequinApi.of("consume"), failures, this::call).settle(batch(), exchange());
        assertFalse(failures.areThere());
        assertNull(failures.problem());
        failures.failed(new IOException("503"));
        now += TimeUnit.SECONDS.toNanos(89);
        assertTrue(failures.areThere());
        now += TimeUnit.SECONDS.toNanos(2);
        assertFalse(failures.areThere());
    }
}
