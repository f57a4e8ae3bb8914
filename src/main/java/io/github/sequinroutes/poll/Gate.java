package io.github.sequinroutes.poll;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether messages may be fetched: not before the start is complete, and never again once a stop has begun. A stop in
 * the middle of the start has nothing to finish, so it need not wait for the start. Thread-safe.
 */
public final class Gate implements HttpClientConfigurer, ExecChainHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    /** What has been fetched is still acked, or given back; a path may have a query after it. */
    private static final Pattern SETTLES = Pattern.compile("[^?]*/n?ack(\\?.*)?");

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
    private final Set<Thread> waiting = new HashSet<>();

    /** What a worker waits for before it fetches messages. */
    @FunctionalInterface
    public interface Wait {
        /** Waits for it. */
        void run() throws Exception;
    }

    /** The start is complete; without effect if a stop has begun. */
    public void open() {
        state.compareAndSet(State.PENDING, State.OPEN);
    }

    /** A stop begins. Returns whether it was open: then there may be messages in flight. */
    public boolean close() {
        boolean wasOpen = state.getAndSet(State.CLOSED) == State.OPEN;
        synchronized (waiting) {
            waiting.forEach(Thread::interrupt);
        }
        return wasOpen;
    }

    /**
     * Waits for what must be there before messages are fetched; a stop interrupts that, for there is nothing to finish.
     *
     * @throws Exception if that fails, or a stop has begun
     */
    public void await(Wait wait) throws Exception {
        Thread current = Thread.currentThread();
        synchronized (waiting) {
            if (state.get() == State.CLOSED) {
                throw new ClosedException();
            }
            waiting.add(current);
        }
        try {
            wait.run();
        } finally {
            boolean isClosed;
            synchronized (waiting) {
                waiting.remove(current);
                isClosed = state.get() == State.CLOSED;
            }
            if (isClosed && Thread.interrupted()) {
                LOG.debug("A worker waits no more, because the process is being stopped");
            }
        }
    }

    /** Whether the start is not complete yet. */
    boolean isPending() {
        return state.get() == State.PENDING;
    }

    /** Whether messages may be fetched. */
    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** Whether a stop has begun. */
    public boolean isClosed() {
        return state.get() == State.CLOSED;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.addExecInterceptorLast("gate", this);
    }

    /** Asked last, with the connection made: a worker may have waited long for the database or the server. */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (!isOpen() && !SETTLES.matcher(request.getPath()).matches()) {
            scope.execRuntime.discardEndpoint();
            throw new ClosedException();
        }
        return chain.proceed(request, scope);
    }
}
