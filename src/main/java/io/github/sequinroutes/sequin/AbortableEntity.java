package io.github.sequinroutes.sequin;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Aborts a response that is closed before its end. The client would read the rest of it first, to use the connection
 * again: from a server that drips, or sends far too much, that can take forever.
 */
final class AbortableEntity extends HttpEntityWrapper {
    private final ExecRuntime connection;
    private InputStream content;

    AbortableEntity(HttpEntity entity, ExecRuntime connection) {
        super(entity);
        this.connection = connection;
    }

    @Override
    public InputStream getContent() throws IOException {
        if (content == null) {
            content = new Content(super.getContent(), connection);
        }
        return content;
    }

    private static final class Content extends FilterInputStream {
        private final ExecRuntime connection;
        private boolean closed;

        Content(InputStream in, ExecRuntime connection) {
            super(in);
            this.connection = connection;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            // who has read just as much as there is has not seen the end yet
            if (in.read() >= 0) {
                connection.discardEndpoint();
            }
            in.close();
        }
    }
}
