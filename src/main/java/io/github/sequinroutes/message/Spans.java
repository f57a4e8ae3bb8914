package io.github.sequinroutes.message;

import java.util.Arrays;

/** Parts of a message, in order: a hostile message may have very many, so they take little memory. */
public final class Spans {
    private static final int[] NONE = {};

    private int[] bounds = NONE;
    private int count;

    /** Adds the part from {@code start} to before {@code end}. */
    public void add(int start, int end) {
        if (count == bounds.length) {
            bounds = Arrays.copyOf(bounds, Math.max(2, 2 * count));
        }
        bounds[count++] = start;
        bounds[count++] = end;
    }

    /** How many there are. */
    int size() {
        return count / 2;
    }

    /** Where a part begins. */
    int start(int index) {
        return bounds[2 * index];
    }

    /** Before where it ends. */
    int end(int index) {
        return bounds[2 * index + 1];
    }
}
