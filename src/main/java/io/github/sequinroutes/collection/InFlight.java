package io.github.sequinroutes.collection;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts those who have messages in a route: it is replaced when nobody is in it any more, and nobody is let in meanwhile.
 * Thread-safe.
 */
final class InFlight {
    private final Map<String, Integer> inside = new HashMap<>();
    private final Set<String> closed = new HashSet<>();

    /** Notes that somebody sends messages to a route; false if nobody may now. */
    synchronized boolean enter(String route) {
        if (closed.contains(route)) {
            return false;
        }
        inside.merge(route, 1, Integer::sum);
        return true;
    }

    /** Notes that they are done with. */
    synchronized void leave(String route) {
        inside.computeIfPresent(route, (any, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }

    /** Lets nobody into these routes any more, and waits until nobody is in them, but not for long. */
    synchronized boolean close(Set<String> routes, long millis) {
        closed.addAll(routes);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (routes.stream().anyMatch(inside::containsKey)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Lets everybody into each route but these. */
    synchronized void openAllBut(Set<String> routes) {
        closed.retainAll(routes);
    }
}
