package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts what has become of the messages of a collection, and how its writes went. Thread-safe. */
public final class CollectionCounters {
    /** The reasons of dead letters; a reason that is none of them counts as the last. */
    public static final List<String> REASONS = List.of("malformed", "unknown-collection", "rejected");

    private final String collection;
    private final LongAdder[] outcomes = adders(CountedOutcome.values().length);
    private final LongAdder[] reasons = adders(REASONS.size());
    private final LongAdder isolations = new LongAdder();
    private final LongAdder timeouts = new LongAdder();

    /** Of a collection of which nothing has come yet. */
    CollectionCounters(String collection) {
        this.collection = collection;
    }

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }

    /** The collection ID, {@code *} for all that go through one route, or {@link OutcomeCounters#NO_ROUTE}. */
    public String collection() {
        return collection;
    }

    void count(Message message) {
        outcomes[CountedOutcome.of(message).ordinal()].increment();
        if (message.outcome() == Outcome.DEAD_LETTERED) {
            int reason = REASONS.indexOf(message.rejection().reason());
            reasons[reason < 0 ? REASONS.size() - 1 : reason].increment();
        }
    }

    /** Notes that the records at fault in a part of a batch are searched for. */
    void isolating() {
        isolations.increment();
    }

    /** Notes that a write has timed out. */
    void timedOut() {
        timeouts.increment();
    }

    /** How many messages had this outcome. */
    public long of(CountedOutcome outcome) {
        return outcomes[outcome.ordinal()].sum();
    }

    /** How many dead letters had this one of {@link #REASONS}. */
    public long deadLetters(String reason) {
        return reasons[REASONS.indexOf(reason)].sum();
    }

    /** How often records at fault have been searched for. */
    public long isolations() {
        return isolations.sum();
    }

    /** How many writes have timed out. */
    public long timeouts() {
        return timeouts.sum();
    }
}
