package io.github.sequinroutes.write;

import io.github.sequinroutes.read.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Records that have failed alone in a way that does not say whose fault it is, such as a time-out. Each is set apart
 * from then on: it is written by itself, seldom, with all the time there is, and holds up no other. Thread-safe.
 */
final class Suspects {
    private static final int LIMIT = 1_000;
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Map<List<Object>, Suspect> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, Suspect> eldest) {
            return size() > LIMIT;
        }
    };

    private static final class Suspect {
        long triedAt;
        int attempts;
    }

    private static List<Object> key(Message record) {
        return List.of(record.collection(), record.id(), record.version() == null ? "" : record.version());
    }

    /** Whether this record has failed before. */
    synchronized boolean has(Message record) {
        return !known.isEmpty() && known.containsKey(key(record));
    }

    /** Whether it has rested since it was last tried. */
    synchronized boolean mayTry(Message record) {
        Suspect suspect = known.get(key(record));
        return suspect == null || System.nanoTime() - suspect.triedAt > REST_NANOS * suspect.attempts;
    }

    /** Notes that a record has failed alone, and returns how often it has. */
    synchronized int failed(Message record) {
        Suspect suspect = known.computeIfAbsent(key(record), k -> new Suspect());
        suspect.triedAt = System.nanoTime();
        return ++suspect.attempts;
    }

    /** Notes that a record is settled. */
    synchronized void settled(Message record) {
        if (!known.isEmpty()) {
            known.remove(key(record));
        }
    }
}
