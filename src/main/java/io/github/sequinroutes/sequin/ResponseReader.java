package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.UnreadableResponseException;
import java.io.InputStream;

/** Reads the responses to requests for messages. */
public final class ResponseReader {
    private final MessageFormat format;
    private final long leaseMillis;

    /** Reads responses whose messages are leased for {@code leaseMillis}, in milliseconds. */
    public ResponseReader(MessageFormat format, long leaseMillis) {
        this.format = format;
        this.leaseMillis = leaseMillis;
    }

    /**
     * Begins to read a response, and the lease of its messages.
     *
     * @throws UnreadableResponseException if it is not a list of messages
     */
    public Batches read(InputStream response) {
        return Batches.read(
                response == null ? InputStream.nullInputStream() : response, new Lease(leaseMillis), format);
    }
}
