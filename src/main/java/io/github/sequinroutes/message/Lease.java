package io.github.sequinroutes.message;

import java.util.concurrent.TimeUnit;

/**
 * The time that a delivery is this worker's alone, {@code sequin.ack-wait}, on the monotonic clock.
 * It counts from when the response began to arrive. A write may take half of it, and must end before nine tenths are
 * over: what begins in time ends before another worker gets the same message.
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

    /** How long a write that begins now may take, in milliseconds, so that it ends before the lease; 0 if too late. */
    public long writeMillisLeft() {
        long left = nanos - nanos / 10 - (System.nanoTime() - began); // time to commit, and to ack
        return Math.max(0, Math.min(TimeUnit.NANOSECONDS.toMillis(left), writeMillis(millis())));
    }

    /** Whether it is too late to write. */
    public boolean isLate() {
        return writeMillisLeft() < millis() / 20;
    }

    /** How long it is in all, in milliseconds. */
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** Whether it is over. */
    public boolean isOver() {
        return System.nanoTime() - began > nanos;
    }
}
