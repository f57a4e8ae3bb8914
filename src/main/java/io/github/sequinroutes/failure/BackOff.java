package io.github.sequinroutes.failure;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Grows with each failure in a row, exponentially and with jitter, up to a limit; on the monotonic clock.
 * Not thread-safe.
 */
public final class BackOff {
    private static final long FIRST_MILLIS = 250;
    private static final long SHORT_MILLIS = 4_000;
    private static final long MAX_MILLIS = 15_000;

    private int failures;
    private long until = System.nanoTime();

    /** Notes a failure: a pause begins, twice as long as the one before. */
    public void failed() {
        failed(MAX_MILLIS);
    }

    /** Notes a failure of something that can be probed often: the pause doubles too, but stays short. */
    public void failedForShort() {
        failed(SHORT_MILLIS);
    }

    /** Notes a failure that says nothing of what comes next: the shortest pause begins. */
    public void failedForOnce() {
        failed(FIRST_MILLIS);
    }

    private void failed(long longest) {
        begin(Math.min(longest, FIRST_MILLIS << Math.min(failures, 16)));
    }

    /** Notes a failure that will last until somebody fixes it: the longest pause begins. */
    public void failedForLong() {
        begin(MAX_MILLIS);
    }

    /** Makes the pause last at least this long, in milliseconds. */
    public void atLeast(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (end - until > 0) {
            until = end;
        }
    }

    /** Ends the pause, as if nothing had failed. */
    public void reset() {
        failures = 0;
        until = System.nanoTime();
    }

    /** Notes a success. */
    public void succeeded() {
        failures = 0;
    }

    /** How many failures there were in a row. */
    public int failures() {
        return failures;
    }

    /** How long the pause still lasts, in milliseconds; 0 if there is none. */
    public long millisLeft() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
    }

    private void begin(long longest) {
        failures++;
        until = System.nanoTime();
        atLeast(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }
}
