package io.github.sequinroutes.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** When which requests arrived, also those that were refused or answered wrongly. Thread-safe. */
public final class Requests {
    private final Map<RequestKind, List<Long>> times = new EnumMap<>(RequestKind.class);

    /** No requests yet. */
    public Requests() {
        for (RequestKind kind : RequestKind.values()) {
            times.put(kind, new ArrayList<>());
        }
    }

    /** Notes that a request has arrived. */
    public synchronized void add(RequestKind kind) {
        times.get(kind).add(System.nanoTime());
    }

    /** How many requests of a kind have arrived. */
    public synchronized int count(RequestKind kind) {
        return times.get(kind).size();
    }

    /** When they arrived, in the order of arrival, by {@link System#nanoTime}. */
    public synchronized List<Long> times(RequestKind kind) {
        return List.copyOf(times.get(kind));
    }

    /** The maximum number of requests of a kind that arrived within a time as long as {@code window}. */
    public synchronized int mostWithin(Duration window, RequestKind kind) {
        List<Long> all = times.get(kind);
        int max = 0;
        int first = 0;
        for (int last = 0; last < all.size(); last++) {
            while (all.get(last) - all.get(first) >= window.toNanos()) {
                first++;
            }
            max = Math.max(max, last - first + 1);
        }
        return max;
    }
}
