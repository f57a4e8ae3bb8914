package io.github.sequinroutes.sequin;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Aborts a response that is closed long before its end. The client would read the rest of it first, to use the connection
 * again: from a server that drips, or sends far too much, that can take forever. A short rest, such as the answer to an
 * ack, is read.
 */
final class AbortableEntity extends HttpEntityWrapper {
    private static final int MAX_REST_BYTES = 1_024;
    private static final long MAX_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ExecRuntime connection;
    private final Silence silence;
    private final long maxNanos;
    private InputStream content;

    /** {@code maxNanos} is for how long it may come so slowly that {@code silence} counts that as nothing. */
    AbortableEntity(HttpEntity entity, ExecRuntime connection, Silence silence, long maxNanos) {
        super(entity);
        this.connection = connection;
        this.silence = silence;
        this.maxNanos = maxNanos;
    }

    @Override
    public InputStream getContent() throws IOException {
        if (content == null) {
            content = new Content(super.getContent(), connection, silence.new Arrival(), maxNanos);
        }
        return content;
    }

    private static final class Content extends FilterInputStream {
        private final ExecRuntime connection;
        private final Silence.Arrival arriving;
        private final long maxNanos;
        private boolean closed;

        Content(InputStream in, ExecRuntime connection, Silence.Arrival arriving, long maxNanos) {
            super(in);
            this.connection = connection;
            this.arriving = arriving;
            this.maxNanos = maxNanos;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = arriving.read(() -> in.read(bytes, offset, length));
            if (arriving.waitedNanos() > maxNanos) {
                throw new SocketTimeoutException(SequinHttpClient.DRIPS);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            if (!hasEnded()) {
                connection.discardEndpoint();
            }
            in.close();
        }

        private boolean hasEnded() throws IOException {
            long deadline = System.nanoTime() + MAX_REST_NANOS;
            byte[] rest = new byte[MAX_REST_BYTES];
            int length = 0;
            int count = 0;
            // who has read just as much as there is has not seen the end yet
            while (count >= 0 && length < rest.length && System.nanoTime() - deadline < 0) {
                length += count;
                count = in.read(rest, length, rest.length - length);
            }
            return count < 0;
        }
    }
}
