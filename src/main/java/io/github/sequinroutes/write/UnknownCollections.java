package io.github.sequinroutes.write;

import io.github.sequinroutes.collection.LoadedRoutes;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

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

    /** Of those with more than a few what is wrong, in words for a person: unless there is a route by now. */
    Map<String, String> problems(Supplier<LoadedRoutes> routes) {
        Map<String, Long> lately = lately();
        if (lately.isEmpty()) {
            return Map.of(); // health is asked often
        }
        LoadedRoutes now = routes.get();
        Map<String, String> problems = new TreeMap<>();
        lately.forEach((collection, deadLetters) -> {
            if (now.of(collection) == null) {
                problems.put(
                        collection,
                        "has no route, lately " + deadLetters
                                + " of its messages became dead letters; add one and replay them, or name it in"
                                + " sequin.ignore");
            }
        });
        return problems;
    }

    /** The collections with more than a few. */
    synchronized Map<String, Long> lately() {
        Map<String, Long> lately = new TreeMap<>();
        recent.forEach((collection, outcomes) -> {
            long deadLetters = outcomes.mostlyDeadLetters();
            if (deadLetters > 0) {
                lately.put(collection, deadLetters);
            }
        });
        return lately;
    }
}
