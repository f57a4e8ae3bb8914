package io.github.sequinroutes.sequin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * For how long a server has been silent although somebody waits for it: for a response, or for more of one. Long before such
 * a request is given up, whoever watches should know. Thread-safe.
 */
public final class Silence {
    private final LongSupplier clock;
    /** When the server should have said something, by what is waited for. */
    private final Map<Object, Long> due = new ConcurrentHashMap<>();

    /** Nobody waits yet. */
    public Silence() {
        this(System::nanoTime);
    }

    Silence(LongSupplier clock) {
        this.clock = clock;
    }

    /** Notes that somebody waits, for what the server may keep back for this long; the result is for {@link #ended}. */
    Object began(long allowedNanos) {
        Object waiting = new Object();
        due.put(waiting, clock.getAsLong() + allowedNanos);
        return waiting;
    }

    /** Notes that this came, or that nobody waits for it any more. */
    void ended(Object waiting) {
        due.remove(waiting);
    }

    /** For how long the server has been late, in milliseconds; 0 if it is not. */
    public long millis() {
        long now = clock.getAsLong();
        long longest = 0;
        for (long expected : due.values()) {
            longest = Math.max(longest, now - expected);
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}
