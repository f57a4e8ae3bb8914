package io.github.sequinroutes.message;

/** What has become of a message. */
public enum Outcome {
    /** Not written: it is given back, to be delivered again. */
    UNSETTLED,
    /** Not written, because its collection is paused: it comes again when its lease is over, or is given back. */
    LEFT_UNACKED,
    /** Its template has run for it, and that is committed; the template's guard may have kept a newer row. */
    WRITTEN,
    /** A newer version in the same batch has been written. */
    SUPERSEDED,
    /** It is committed as a dead letter. */
    DEAD_LETTERED,
    /** Its collection is in {@code sequin.ignore}: it is acked, and written nowhere. */
    IGNORED,
    /** Its route has dropped it on purpose: it is acked, and written nowhere. */
    DROPPED,
    /** A route that is for no collection has completed it. */
    COMPLETED;

    /** Whether the message may be acked. */
    public boolean isDurable() {
        return this == WRITTEN
                || this == SUPERSEDED
                || this == DEAD_LETTERED
                || this == IGNORED
                || this == DROPPED
                || this == COMPLETED;
    }
}
