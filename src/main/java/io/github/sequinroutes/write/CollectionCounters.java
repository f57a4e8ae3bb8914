package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what has become of the messages of a collection, and how its writes went. Thread-safe. */
public final class CollectionCounters {
    private static final String REJECTED = "rejected";

    /** The reasons of dead letters; any other counts as {@code rejected}. */
    public static final List<String> REASONS = List.of("malformed", "unknown-collection", REJECTED);

    private final String collection;
    private final Map<CountedOutcome, LongAdder> outcomes = new EnumMap<>(CountedOutcome.class);
    private final Map<String, LongAdder> reasons = new HashMap<>();

    private final LongAdder isolations = new LongAdder();
    private final LongAdder timeouts = new LongAdder();

    /** Of a collection of which nothing has come yet. */
    CollectionCounters(String collection) {
        this.collection = collection;
        for (CountedOutcome outcome : CountedOutcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
        REASONS.forEach(reason -> reasons.put(reason, new LongAdder()));
    }

    /** The collection ID, {@code *} for all that go through one route, or {@link OutcomeCounters#NO_ROUTE}. */
    public String collection() {
        return collection;
    }

    void count(Message message) {
        outcomes.get(CountedOutcome.of(message)).increment();
        if (message.outcome() == Outcome.DEAD_LETTERED) {
            reasons.getOrDefault(message.rejection().reason(), reasons.get(REJECTED))
                    .increment();
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
        return outcomes.get(outcome).sum();
    }

    /** How many dead letters had this one of {@link #REASONS}. */
    public long deadLetters(String reason) {
        return reasons.get(reason).sum();
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
