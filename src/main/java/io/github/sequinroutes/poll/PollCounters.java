package io.github.sequinroutes.poll;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what has come of the requests for messages. Thread-safe. */
final class PollCounters {
    private final Map<PollOutcome, LongAdder> counts = new EnumMap<>(PollOutcome.class);

    PollCounters() {
        for (PollOutcome outcome : PollOutcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    void count(PollOutcome outcome) {
        counts.get(outcome).increment();
    }

    long of(PollOutcome outcome) {
        return counts.get(outcome).sum();
    }
}
