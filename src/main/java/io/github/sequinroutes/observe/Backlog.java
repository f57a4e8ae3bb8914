package io.github.sequinroutes.observe;

import io.github.sequinroutes.failure.Durations;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What is worth saying of a backlog: a line every few seconds while there is one, and one when it is done. While all keep up
 * there is nothing to say. Used by one thread.
 */
final class Backlog {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(5);
    private static final int BAR = 20;

    private final boolean hasBar;
    /** Where it began. */
    private Seen begin;
    /** Where the last line was said. */
    private Seen last;

    private boolean isTold;

    /**
     * What has been seen at a time.
     *
     * @param nanoTime    when
     * @param isBehind    whether the server had more messages when it was last asked
     * @param done        how many messages have been settled since the start
     * @param deadLetters how many of them are dead letters
     * @param pending     how many the server still has; less than 0 if it does not say
     */
    record Seen(long nanoTime, boolean isBehind, long done, long deadLetters, long pending) {}

    /** One that begins at the start; {@code hasBar} says whether somebody watches. */
    Backlog(boolean hasBar, Seen start) {
        this.hasBar = hasBar;
        begin = start;
        last = start;
        isTold = true; // the first time is worth a word, however short it was
    }

    /** The line that is due, or null. */
    String lineFor(Seen now) {
        if (!now.isBehind) {
            return caughtUp(now);
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
            long left = TimeUnit.SECONDS.toNanos(Math.round(now.pending / rate));
            line.append(", %s pending, %s left".formatted(number(now.pending), Durations.inWords(left)));
        }
        return line.append(deadLetters(now)).toString();
    }

    private String caughtUp(Seen now) {
        if (begin == null) {
            return null;
        }
        String line = isTold
                ? "Caught up: %s in %s%s"
                        .formatted(
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
