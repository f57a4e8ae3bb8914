package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The collections without a route, and how many dead letters of each there were lately; only the latest of many. */
final class UnknownCollections {
    private static final int LIMIT = 100;

    private final Map<String, RecentOutcomes> recent = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RecentOutcomes> eldest) {
            return size() > LIMIT;
        }
    };

    /** Counts a message of such a collection. */
    synchronized void count(Message message) {
        if (message.outcome() == Outcome.DEAD_LETTERED) {
            recent.computeIfAbsent(message.collection(), id -> new RecentOutcomes())
                    .count(0, 1);
        }
    }

    /** The collections with more than a few. */
    synchronized Map<String, Long> lately() {
        Map<String, Long> lately = new TreeMap<>();
        recent.forEach((collection, outcomes) -> {
            if (outcomes.mostlyDeadLetters() > 0) {
                lately.put(collection, outcomes.mostlyDeadLetters());
            }
        });
        return lately;
    }
}
