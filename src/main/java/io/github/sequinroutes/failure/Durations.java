package io.github.sequinroutes.failure;

import java.util.concurrent.TimeUnit;

/** Times in words. */
public final class Durations {
    private Durations() {}

    /** A time in its two largest units, such as {@code 3 min 4 s}. */
    public static String inWords(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
