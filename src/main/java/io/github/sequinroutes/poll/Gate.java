package io.github.sequinroutes.poll;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Whether messages may be fetched: not before the start is complete, and never again once a stop has begun. A stop in
 * the middle of the start has nothing to finish, so it need not wait for the start. Thread-safe.
 */
public final class Gate implements HttpClientConfigurer, ExecChainHandler {
    /** A request was not sent, for a stop has begun. */
    static final class ClosedException extends IOException {
        ClosedException() {
            super("No message is fetched, because the process is being stopped");
        }
    }

    private enum State {
        PENDING,
        OPEN,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);

    /** The start is complete; without effect if a stop has begun. */
    public void open() {
        state.compareAndSet(State.PENDING, State.OPEN);
    }

    /** A stop begins. Returns whether it was open: then there may be messages in flight. */
    public boolean close() {
        return state.getAndSet(State.CLOSED) == State.OPEN;
    }

    /** Whether the start is not complete yet. */
    boolean isPending() {
        return state.get() == State.PENDING;
    }

    /** Whether messages may be fetched. */
    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.addExecInterceptorLast("gate", this);
    }

    /** Asked last, with the connection made: a worker may have waited long for the database or the server. */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        // what has been fetched is still acked, or given back; a path may have a query after it
        boolean settles = request.getPath().matches("[^?]*/n?ack(\\?.*)?");
        if (!isOpen() && !settles) {
            scope.execRuntime.discardEndpoint();
            throw new ClosedException();
        }
        return chain.proceed(request, scope);
    }
}
