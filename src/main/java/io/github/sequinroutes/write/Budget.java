package io.github.sequinroutes.write;

/**
 * The time that a collection may take for what fails: one lease, and then a tenth of all time, so that the others on the
 * same worker lose no more than that. Thread-safe.
 */
final class Budget {
    private static final int SHARE = 10;

    private final long limitNanos;
    private long nanos;
    private long accruedAt = System.nanoTime();

    /** With at most this much at once, in nanoseconds. */
    Budget(long limitNanos) {
        this.limitNanos = limitNanos;
        nanos = limitNanos;
    }

    /** How much of it is left, in nanoseconds. */
    synchronized long nanosLeft() {
        long now = System.nanoTime();
        nanos = Math.min(limitNanos, nanos + (now - accruedAt) / SHARE);
        accruedAt = now;
        return nanos;
    }

    /** Whether it was spent when it was last looked at. */
    synchronized boolean isSpent() {
        return nanos <= 0;
    }

    /** Takes time from it, in nanoseconds. */
    synchronized void charge(long taken) {
        // one rests ten times as long as its last attempt took, and then may show that all is well again
        nanos = Math.max(nanosLeft() - taken, -taken);
    }
}
