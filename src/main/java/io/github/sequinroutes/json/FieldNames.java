package io.github.sequinroutes.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Names of fields and what each stands for, found by the names' bytes: most fields of a record are skipped, and no string
 * should be made of their names. Thread-safe.
 *
 * @param <T> what a name stands for
 */
public final class FieldNames<T> {
    private final byte[][] names;
    private final Object[] meanings;
    private final T other;
    private final int mask;

    /** What each name stands for, and what every other does. */
    public FieldNames(Map<String, T> meaningsByName, T other) {
        this.other = other;
        int size = Integer.highestOneBit(Math.max(1, meaningsByName.size())) * 8; // few collisions: few comparisons
        mask = size - 1;
        names = new byte[size][];
        meanings = new Object[size];
        meaningsByName.forEach((name, meaning) -> {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            int slot = slot(bytes, 0, bytes.length);
            while (names[slot] != null) {
                slot = (slot + 1) & mask;
            }
            names[slot] = bytes;
            meanings[slot] = meaning;
        });
    }

    /** What the name with these bytes stands for. */
    @SuppressWarnings("unchecked") // an array cannot be generic
    T find(byte[] bytes, int from, int to) {
        for (int slot = slot(bytes, from, to); names[slot] != null; slot = (slot + 1) & mask) {
            if (Arrays.equals(names[slot], 0, names[slot].length, bytes, from, to)) {
                return (T) meanings[slot];
            }
        }
        return other;
    }

    private int slot(byte[] bytes, int from, int to) {
        int length = to - from;
        return length == 0 ? 0 : (length * 31 + bytes[from] * 7 + bytes[to - 1] * 3 + bytes[from + length / 2]) & mask;
    }
}
