package io.github.sequinroutes.poll;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Drops the connection of an answer that is given up before its end. The client would read the rest of it first, to use
 * the connection again: from a server that drips, or sends far too much, that can take forever.
 */
public final class AbandonedAnswers implements HttpClientConfigurer, ExecChainHandler {
    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.addExecInterceptorLast("abandoned answers", this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        if (response.getEntity() != null) {
            response.setEntity(new Body(response.getEntity(), scope.execRuntime));
        }
        return response;
    }

    private static final class Body extends HttpEntityWrapper {
        private final ExecRuntime connection;
        private InputStream content;

        Body(HttpEntity entity, ExecRuntime connection) {
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
