package io.github.sequinroutes.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.sequinroutes.sandbox.feed.RecordFeed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A stand-in for the Sequin server's Consume API: {@code /v1/http-consumers/{id}} with {@code /next}, {@code /ack} and
 * {@code /nack}, with its bearer token, its long polls and its errors. Beside the API, {@code POST /records} takes records of
 * one's own, one a line, for all consumers.
 */
public final class SandboxServer implements AutoCloseable {
    static {
        // else each response on a kept connection is held back for the client's delayed acknowledgement, some 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sandbox-server");
        thread.setDaemon(true);
        return thread;
    });
    private final ConsumeApi api;
    private final Faults faults = new Faults();
    private final Requests requests = new Requests();

    /** Starts a server on a loopback port, 0 for any that is free; every request must bear the token. */
    public SandboxServer(int port, String token) throws IOException {
        api = new ConsumeApi(token);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The base URL. */
    public String url() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
    }

    /** Adds a consumer. */
    public SandboxConsumer consumer(String id, Duration ackWait, int maxAckPending) {
        SandboxConsumer consumer = new SandboxConsumer(ackWait, maxAckPending);
        api.add(id, consumer);
        return consumer;
    }

    /** From now on every request must bear this token. */
    public void token(String changed) {
        api.token(changed);
    }

    /** As if the server had been restarted: what was in flight is available again, and no token is known any more. */
    public void restart() {
        api.consumers().forEach(SandboxConsumer::restart);
    }

    /** The faults that requests are to meet. */
    public Faults faults() {
        return faults;
    }

    /** Takes records for all consumers, as {@code POST /records} does. */
    public RecordFeed feed() {
        return api.feed();
    }

    /** The requests that have arrived. */
    public Requests requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        // first of all: a refusal that leaves it unread resets the connection, and the client may not see the response
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.setStreams(new ByteArrayInputStream(body), null); // a fault may want to read it, too
        RequestKind kind = RequestKind.of(exchange.getRequestURI().getPath());
        requests.add(kind);
        try {
            faults.take(kind).respond(exchange, () -> api.respond(exchange, body));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The server stops.");
        }
        // not in a finally: whatever is thrown makes the JDK's server close the connection
        exchange.close();
    }
}
