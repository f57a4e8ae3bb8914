package io.github.sequinroutes.write;

import io.github.sequinroutes.read.Message;

/**
 * A record that a table has taken: if it takes even this one no more, the table has changed, and not the records.
 * Thread-safe.
 */
final class References {
    /** A large one would only cost memory and time. */
    private static final int LARGEST_BYTES = 256 * 1024;

    private volatile Message known;

    /** Notes that a record has been written. */
    void remember(Message record) {
        if (record.bytes().length <= LARGEST_BYTES) {
            known = record;
        }
    }

    /** Forgets a record, unless there is another by now. */
    @SuppressWarnings("ReferenceEquality")
    void forget(Message record) {
        if (known == record) {
            known = null;
        }
    }

    /** A record that has been written, or null if there is none yet. */
    Message any() {
        return known;
    }
}
