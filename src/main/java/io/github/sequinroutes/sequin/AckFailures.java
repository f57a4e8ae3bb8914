package io.github.sequinroutes.sequin;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Whether acks fail: records are written then, but come again and again, though the server delivers as if all were well.
 * Thread-safe.
 */
public final class AckFailures {
    /** One that fails now and then does no harm. */
    private static final long TOLERATED = TimeUnit.SECONDS.toNanos(5);

    private static final long GRACE = TimeUnit.SECONDS.toNanos(30);

    private final long forgottenAfter;
    private final Function<Throwable, String> words;
    private final LongSupplier clock;
    private String error;
    private long beganAt;
    private long failedAt;

    /**
     * None has failed yet.
     *
     * @param ackWaitMillis after which what is not acked comes again
     * @param words         what a failure is for a person
     */
    public AckFailures(long ackWaitMillis, Function<Throwable, String> words) {
        this(ackWaitMillis, words, System::nanoTime);
    }

    AckFailures(long ackWaitMillis, Function<Throwable, String> words, LongSupplier clock) {
        // what comes again is acked again, unless another process gets it: then nothing would ever succeed here
        forgottenAfter = 2 * TimeUnit.MILLISECONDS.toNanos(ackWaitMillis) + GRACE;
        this.words = words;
        this.clock = clock;
    }

    /** What a failure is for a person. */
    String describe(Exception failure) {
        return words.apply(failure);
    }

    synchronized void failed(Exception failure) {
        failedAt = clock.getAsLong();
        if (error == null) {
            beganAt = failedAt;
        }
        error = describe(failure);
    }

    synchronized void worked() {
        error = null;
    }

    /** Whether one has failed lately, and none has succeeded since. */
    public synchronized boolean areThere() {
        if (error != null && clock.getAsLong() - failedAt > forgottenAfter) {
            error = null;
        }
        return error != null;
    }

    /** What is wrong, in words for a person, once it has lasted; or null. */
    public synchronized String problem() {
        long since = clock.getAsLong() - beganAt;
        return areThere() && since >= TOLERATED
                ? "acks fail, for " + TimeUnit.NANOSECONDS.toSeconds(since) + " s: " + error
                        + "; what is written comes again when its lease is over, and is written again; see the log of"
                        + " Sequin, and of what is in front of it"
                : null;
    }
}
