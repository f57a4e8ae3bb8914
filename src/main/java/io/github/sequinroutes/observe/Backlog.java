package io.github.sequinroutes.observe;

import io.github.sequinroutes.failure.Durations;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What is worth saying of a backlog: a line every few seconds while there is one, and one when it is done. What is left unacked for
 * a paused collection is a backlog of its own, which begins when that resumes. While all keep up there is nothing to say. Used
 * by one thread.
 */
final class Backlog {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(5);
    private static final long FORGOTTEN = TimeUnit.MINUTES.toNanos(1);
    private static final int BAR = 20;

    private final boolean hasBar;
    /** Where it began. */
    private Seen begin;
    /** Where the last line was said. */
    private Seen last;

    private boolean isTold;
    /** When messages last waited for a paused collection; null if none have since what waited was dealt with. */
    private Seen held;

    /**
     * What has been seen at a time.
     *
     * @param nanoTime    when
     * @param isBehind    whether the server had more messages when it was last asked
     * @param done        how many messages have been settled since the start
     * @param deadLetters how many of them are dead letters
     * @param pending     how many the server still has; less than 0 if it does not say
     * @param paused      how many collections are paused
     * @param hasUnacked  whether messages are left unacked, to be tried again
     */
    record Seen(
            long nanoTime,
            boolean isBehind,
            long done,
            long deadLetters,
            long pending,
            int paused,
            boolean hasUnacked) {}

    /** One that begins at the start; {@code hasBar} says whether somebody watches. */
    Backlog(boolean hasBar, Seen start) {
        this.hasBar = hasBar;
        begin = start;
        last = start;
        isTold = true; // the first time is worth a word, however short it was
    }

    /** The line that is due, or null. */
    String lineFor(Seen now) {
        boolean isResuming = isResuming(now);
        if (!now.isBehind) {
            return isResuming ? null : caughtUp(now);
        }
        if (begin == null) {
            begin = now;
            last = now;
        }
        if (now.nanoTime - last.nanoTime < EVERY || now.done == last.done) {
            return null; // why nothing is done is said elsewhere
        }
        double rate = (now.done - last.done) * (double) TimeUnit.SECONDS.toNanos(1) / (now.nanoTime - last.nanoTime);
        last = now;
        isTold = true;
        long done = now.done - begin.done;
        StringBuilder line = new StringBuilder(hasBar && now.pending > 0 ? bar(done, now.pending) : "Backlog: ");
        line.append("%s done, %s/s".formatted(number(done), number(Math.round(rate))));
        if (now.pending > 0) {
            line.append(", %s pending".formatted(number(now.pending)));
        }
        if (now.pending > 0 && Math.round(rate) > 0) { // else what is pending is no matter of the rate
            long left = TimeUnit.SECONDS.toNanos(Math.round(now.pending / rate));
            line.append(", %s left".formatted(Durations.inWords(left)));
        }
        return line.append(deadLetters(now)).toString();
    }

    /** Whether what has waited for a paused collection is under way again: that it is done is worth a word, however short it was. */
    private boolean isResuming(Seen now) {
        if (now.paused > 0) {
            held = now.hasUnacked || held != null ? now : null;
            return false;
        }
        if (held == null) {
            return false;
        }
        if (begin == null) {
            begin = held;
            last = held;
        }
        isTold = true;
        if (now.hasUnacked) {
            return true;
        }
        if (now.done > held.done) {
            held = null;
            return false;
        }
        if (now.nanoTime - held.nanoTime > FORGOTTEN) { // somebody else has got it
            held = null;
            begin = null;
            isTold = false;
        }
        return true;
    }

    private String caughtUp(Seen now) {
        if (begin == null) {
            return null;
        }
        String line = isTold
                ? "Caught up%s: %s in %s%s"
                        .formatted(
                                now.paused == 0 ? "" : " but for " + counted(now.paused, "paused collection"),
                                counted(now.done - begin.done, "message"),
                                Durations.inWords(now.nanoTime - begin.nanoTime),
                                deadLetters(now))
                : null;
        begin = null;
        isTold = false;
        return line;
    }

    private String deadLetters(Seen now) {
        long count = now.deadLetters - begin.deadLetters;
        return count == 0 ? "" : ", " + counted(count, "dead letter");
    }

    private static String counted(long count, String what) {
        return number(count) + " " + what + (count == 1 ? "" : "s");
    }

    private static String bar(long done, long pending) {
        double part = (double) done / (done + pending);
        int full = (int) (part * BAR);
        return "[%s%s] %2d %%: ".formatted("#".repeat(full), ".".repeat(BAR - full), (int) (part * 100));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
