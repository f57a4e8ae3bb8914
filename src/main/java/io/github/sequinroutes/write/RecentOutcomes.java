package io.github.sequinroutes.write;

import java.util.concurrent.TimeUnit;

/** How many of a collection's messages were written and how many became dead letters lately. Thread-safe. */
final class RecentOutcomes {
    private static final double HALF_LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int FEW = 10;

    private double written;
    private double deadLettered;
    private long countedAt = System.nanoTime();

    /** Counts messages. */
    synchronized void count(int writtenNow, int deadLetteredNow) {
        fade();
        written += writtenNow;
        deadLettered += deadLetteredNow;
    }

    /** Whether there were more than a few dead letters lately, and nearly nothing else. */
    synchronized boolean areMostlyDeadLetters() {
        fade();
        return deadLettered >= FEW && deadLettered >= 9 * written;
    }

    private void fade() {
        long now = System.nanoTime();
        double left = Math.pow(0.5, (now - countedAt) / HALF_LIFE_NANOS);
        written *= left;
        deadLettered *= left;
        countedAt = now;
    }
}
