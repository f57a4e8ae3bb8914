package io.github.sequinroutes.write;

import io.github.sequinroutes.collection.LoadedRoutes;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The collections without a route, and whether there were dead letters of each lately; only the latest of many. */
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
        Set<String> lately = lately();
        if (lately.isEmpty()) {
            return Map.of(); // health is asked often
        }
        LoadedRoutes now = routes.get();
        Map<String, String> problems = new TreeMap<>();
        lately.forEach(collection -> {
            if (now.of(collection) == null) {
                // without a number: it would be another in each answer, of what is one problem
                problems.put(
                        collection,
                        "has no route, and its messages became dead letters lately; add one and replay them, or name it in"
                                + " sequin.ignore");
            }
        });
        return problems;
    }

    /** Those with more than a few. */
    synchronized Set<String> lately() {
        Set<String> lately = new TreeSet<>();
        recent.forEach((collection, outcomes) -> {
            if (outcomes.areMostlyDeadLetters()) {
                lately.add(collection);
            }
        });
        return lately;
    }
}
