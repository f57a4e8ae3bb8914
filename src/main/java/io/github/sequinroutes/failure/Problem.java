package io.github.sequinroutes.failure;

import java.util.Comparator;

/**
 * Something wrong, or doubtful, in a file of the user's. Ordered by file and place.
 *
 * @param file      its path, as it stands in messages
 * @param line      from 1 on
 * @param column    from 1 on, in characters
 * @param isWarning whether it works in spite of it, though perhaps not as wanted
 * @param text      what is wrong, and what to do
 */
public record Problem(String file, int line, int column, boolean isWarning, String text)
        implements Comparable<Problem> {
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::text);

    /** As {@code file:line:column: text}, with the word Warning before the text of one. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (isWarning ? "Warning: " : "") + text;
    }

    @Override
    public int compareTo(Problem other) {
        return BY_PLACE.compare(this, other);
    }
}
