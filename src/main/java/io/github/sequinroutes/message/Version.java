package io.github.sequinroutes.message;

import java.math.BigDecimal;

/**
 * The version of a record, ordered as a pair.
 *
 * @param number the {@code updated_idx} of the Consume API; the {@code commit_lsn} of the Stream API
 * @param place  0; the {@code commit_idx} of the Stream API: the place in its transaction
 */
public record Version(long number, long place) implements Comparable<Version> {
    /** Of a row that a backfill has read, which has no version: older than any change, and no version that a server sends. */
    public static final Version READ = new Version(0, -1);

    private static final int PLACE_DIGITS = 10;

    /** A version that is one number. */
    public Version(long number) {
        this(number, 0);
    }

    @Override
    public int compareTo(Version other) {
        int byNumber = Long.compare(number, other.number);
        return byNumber == 0 ? Long.compare(place, other.place) : byNumber;
    }

    /** As one number of the same order: the place stands behind the point, in ten digits, unless it is 0. */
    public BigDecimal toBigDecimal() {
        BigDecimal whole = BigDecimal.valueOf(number);
        return place == 0 ? whole : whole.add(BigDecimal.valueOf(place, PLACE_DIGITS));
    }

    @Override
    public String toString() {
        return toBigDecimal().toPlainString();
    }
}
