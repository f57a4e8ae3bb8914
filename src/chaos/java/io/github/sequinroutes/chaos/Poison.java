package io.github.sequinroutes.chaos;

/** What can be wrong with a record. */
enum Poison {
    /** A text where the column is a number. */
    BAD_TYPE,
    /** U+0000. */
    NUL,
    /** Null where the column allows none. */
    NULL,
    /** A text that is not hexadecimal where the column is binary. */
    BAD_HEX,
    /** A number that is larger than the column. */
    TOO_LARGE,
    /** It sleeps in a trigger, longer than its lease. */
    SLEEPS,
    /** Its {@code deleted} is a text. */
    BAD_DELETED,
    /** No {@code updated_idx}. */
    NO_VERSION,
    /** No {@code id}. */
    NO_ID,
    /** A number instead of an object. */
    NO_OBJECT,
    /** A collection without a route. */
    UNKNOWN_COLLECTION;

    /** Whether a newer version of its record may make it irrelevant, so that it needs no dead letter. */
    boolean canBeSuperseded() {
        return compareTo(TOO_LARGE) <= 0 || this == NO_VERSION;
    }
}
