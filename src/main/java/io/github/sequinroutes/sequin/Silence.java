package io.github.sequinroutes.sequin;

import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * For how long a server has been silent although somebody waits for it: for a response, or for more of one. Long before such
 * a request is given up, whoever watches should know. Thread-safe.
 */
public final class Silence {
    /** A server that is well answers at once, or when the long poll ends. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What comes in less than this at a time counts as nothing: a byte a second is no answer. */
    private static final int MIN_BYTES = 1_024;

    private record Wait(long dueAt, boolean hasBegun) {}

    private final String url;
    private final LongSupplier clock;
    private final Map<Object, Wait> waits = new ConcurrentHashMap<>();

    /** Nobody waits yet; {@code url} is what the key is called that says where the server is. */
    public Silence(String url) {
        this(url, System::nanoTime);
    }

    Silence(String url, LongSupplier clock) {
        this.url = url;
        this.clock = clock;
    }

    /** Notes that somebody waits, for a response that the server may keep back for this long; the result is for {@link #ended}. */
    Object began(long allowedNanos) {
        return began(new Wait(clock.getAsLong() + allowedNanos, false));
    }

    private Object began(Wait wait) {
        Object waiting = new Object();
        waits.put(waiting, wait);
        return waiting;
    }

    /** Notes that this came, or that nobody waits for it any more. */
    void ended(Object waiting) {
        waits.remove(waiting);
    }

    /** How the content of a response comes. Used by one thread. */
    final class Arrival {
        private long waitedNanos;
        private int bytes;

        /** Reads some more. */
        interface Source {
            int read() throws IOException;
        }

        int read(Source source) throws IOException {
            long beganAt = clock.getAsLong();
            Object waiting = began(new Wait(beganAt - waitedNanos, true));
            int count;
            try {
                count = source.read();
            } finally {
                ended(waiting);
                waitedNanos += clock.getAsLong() - beganAt;
            }
            bytes += Math.max(0, count);
            if (bytes >= MIN_BYTES || count < 0) {
                bytes = 0;
                waitedNanos = 0;
            }
            return count;
        }

        /** For how long nothing has come that counts, in nanoseconds in which somebody waited for it. */
        long waitedNanos() {
            return waitedNanos;
        }
    }

    /** What is wrong with the server, in words for a person, or null. */
    public String problem() {
        long now = clock.getAsLong();
        Wait longest = waits.values().stream()
                .max(Comparator.comparing(wait -> now - wait.dueAt))
                .orElse(null);
        if (longest == null || now - longest.dueAt < MAX_NANOS) {
            return null;
        }
        String seconds = TimeUnit.NANOSECONDS.toSeconds(now - longest.dueAt) + " s";
        return (longest.hasBegun
                        ? "an answer that stands still or drips, for " + seconds
                        : "no answer to a request, for " + seconds + " longer than it may keep one open")
                + "; see whether what is at " + url + " hangs";
    }
}
