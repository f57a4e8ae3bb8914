package io.github.sequinroutes.read;

import java.util.concurrent.TimeUnit;

/**
 * The time that a delivery is this worker's alone, {@code sequin.ack-wait}, on the monotonic clock.
 * It counts from when the answer began to arrive. A write may take half of it, so the other half is for it to begin in:
 * what begins in time ends before another worker gets the same message.
 */
public final class Lease {
    private final long began = System.nanoTime();
    private final long nanos;

    /** A lease that begins now. */
    public Lease(long millis) {
        nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** How long a write may take, in milliseconds. */
    public static long writeMillis(long leaseMillis) {
        return leaseMillis / 2;
    }

    /** Whether it is too late to begin a write. */
    boolean isLateForWriting() {
        return System.nanoTime() - began > nanos / 2;
    }

    /** Whether it is over. */
    boolean isOver() {
        return System.nanoTime() - began > nanos;
    }
}
