package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.Lease;
import java.io.InputStream;

/** Reads the consumer's answers. */
public final class Answers {
    private final long leaseMillis;

    /** Reads answers whose messages are leased for so long, in milliseconds. */
    public Answers(long leaseMillis) {
        this.leaseMillis = leaseMillis;
    }

    /**
     * Begins to read an answer, and the lease of its messages.
     *
     * @throws UnreadableAnswerException if it is not a list of messages
     */
    public Batches read(InputStream answer) {
        return Batches.read(answer == null ? InputStream.nullInputStream() : answer, new Lease(leaseMillis));
    }
}
