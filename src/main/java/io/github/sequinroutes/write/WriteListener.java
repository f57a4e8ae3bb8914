package io.github.sequinroutes.write;

import io.github.sequinroutes.template.Way;

/** Is told how batches are written, for metrics; by any thread. */
public interface WriteListener {
    /** Wants to know nothing. */
    WriteListener NONE = new WriteListener() {
        @Override
        public void batch(int messages) {}

        @Override
        public void executed(int records, Way way) {}

        @Override
        public void wrote(String collection, long nanos) {}
    };

    /** A batch of so many messages is done with. */
    void batch(int messages);

    /** A template has been executed for so many records at once, in this way. */
    void executed(int records, Way way);

    /** The messages of a batch for a collection are written, as far as they can be, which has taken so many nanoseconds. */
    void wrote(String collection, long nanos);
}
