package io.github.sequinroutes.poll;

import io.github.sequinroutes.read.Batch;
import io.github.sequinroutes.read.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what has become of the messages, by outcome: their sum is what was received. A message that is delivered again
 * counts again. Thread-safe.
 */
public final class Tally {
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    /** Nothing has been received yet. */
    public Tally() {
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    /** Counts the messages of a batch. */
    public void count(Batch batch) {
        batch.messages().forEach(message -> counts.get(message.outcome()).increment());
    }

    /** How many messages had this outcome. */
    public long of(Outcome outcome) {
        return counts.get(outcome).sum();
    }
}
