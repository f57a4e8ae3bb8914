package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Records that have failed alone in a way that does not say who is at fault, such as a time-out. From then on each is
 * isolated: it is written by itself, seldom, and delays no other. An attempt counts by its share of the longest time that
 * a write may take. The last attempt has all of it, and decides. Thread-safe.
 */
final class Suspects {
    private static final int LIMIT = 1_000;
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int BEFORE_THE_LAST = 2;

    private final Map<List<Object>, Suspect> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, Suspect> eldest) {
            return size() > LIMIT;
        }
    };

    private static final class Suspect {
        long triedAt;
        double attempts;
    }

    private static List<Object> key(Message record) {
        return List.of(record.collection(), record.key(), record.version() == null ? "" : record.version());
    }

    /** Whether this record has failed before. */
    synchronized boolean has(Message record) {
        return !known.isEmpty() && known.containsKey(key(record));
    }

    /** Whether it has rested since it was last tried. */
    synchronized boolean mayTry(Message record) {
        Suspect suspect = known.get(key(record));
        return suspect == null || System.nanoTime() - suspect.triedAt > REST_NANOS * Math.max(1, suspect.attempts - 1);
    }

    /** Whether its next attempt decides. */
    synchronized boolean isLast(Message record) {
        Suspect suspect = known.isEmpty() ? null : known.get(key(record));
        return suspect != null && suspect.attempts >= BEFORE_THE_LAST;
    }

    /** Notes that a record has failed alone, in an attempt with this share of the longest time. */
    synchronized void failed(Message record, double share) {
        Suspect suspect = known.computeIfAbsent(key(record), k -> new Suspect());
        suspect.triedAt = System.nanoTime();
        suspect.attempts += share;
    }

    /** Notes that others made it fail: the attempts counted before do not say that it is at fault. */
    synchronized void failedBecauseOfOthers(Message record) {
        failed(record, 0);
        known.get(key(record)).attempts = 0;
    }

    /** Notes that a record is settled. */
    synchronized void settled(Message record) {
        if (!known.isEmpty()) {
            known.remove(key(record));
        }
    }
}
