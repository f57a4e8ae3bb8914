package io.github.sequinroutes.chaos;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long messages wait for their ack, and so how much one collection holds up another. It is measured while a fault
 * concerns a single collection and nothing else fails, and counts what was offered since then. Thread-safe.
 */
final class Flow {
    /** A collection has a backlog for a while after its fault, and one whose record sleeps is held up some times. */
    private static final long RECOVERY_NANOS = TimeUnit.SECONDS.toNanos(45);

    private static final class Waiting {
        final Subject subject;
        final long since = System.nanoTime();
        boolean acked;

        Waiting(Subject subject) {
            this.subject = subject;
        }
    }

    private final Map<String, Deque<Waiting>> byJson = new HashMap<>();
    private final Map<Subject, Deque<Waiting>> inOrder = new HashMap<>();
    private final Map<Subject, Integer> acked = new HashMap<>();
    private final Map<Subject, Long> concernedUntil = new HashMap<>();
    private boolean calm;
    private long calmSince;
    private long longestNanos;

    /** Notes that a record is offered whose message nothing can take the place of. */
    synchronized void offered(Subject subject, String json) {
        Waiting waiting = new Waiting(subject);
        byJson.computeIfAbsent(json, key -> new ArrayDeque<>()).add(waiting);
        inOrder.computeIfAbsent(subject, key -> new ArrayDeque<>()).add(waiting);
    }

    /** Notes that records are acked. */
    synchronized void acked(List<String> records) {
        for (String json : records) {
            Deque<Waiting> same = byJson.get(json);
            if (same != null) {
                Waiting first = same.remove();
                first.acked = true;
                acked.merge(first.subject, 1, Integer::sum);
                if (same.isEmpty()) {
                    byJson.remove(json);
                }
            }
        }
    }

    /** How many messages of a collection have been acked. */
    synchronized int acked(Subject subject) {
        return acked.getOrDefault(subject, 0);
    }

    /** A fault concerns this collection until it is told otherwise. */
    synchronized void concern(Subject subject) {
        concernedUntil.put(subject, Long.MAX_VALUE);
    }

    /** The fault of this collection is over, but for what it leaves behind. */
    synchronized void recover(Subject subject) {
        concernedUntil.put(subject, System.nanoTime() + RECOVERY_NANOS);
    }

    /** From now on, or no more, nothing fails but what concerns single collections. */
    synchronized void calm(boolean isCalm) {
        calm = isCalm;
        calmSince = System.nanoTime();
    }

    /** Measures how long those wait now that no fault concerns. */
    synchronized void measure() {
        long now = System.nanoTime();
        inOrder.forEach((subject, all) -> {
            while (!all.isEmpty() && (all.peek().acked || (calm && all.peek().since < calmSince))) {
                all.remove();
            }
            if (calm && !all.isEmpty() && concernedUntil.getOrDefault(subject, now) <= now) {
                longestNanos = Math.max(longestNanos, now - all.peek().since);
            }
        });
    }

    /** The longest that a collection has waited that no fault concerned, in milliseconds. */
    synchronized long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos);
    }
}
