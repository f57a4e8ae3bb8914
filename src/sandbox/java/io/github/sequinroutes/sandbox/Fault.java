package io.github.sequinroutes.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * A way in which the server may respond to a request. Those faults that spoil a response do what the request says first:
 * messages are in flight, acks are applied. The others do not, unless {@link #afterTheEffect} says so.
 */
@FunctionalInterface
public interface Fault {
    /** A request as the server would respond to it. */
    @FunctionalInterface
    interface Request {
        /** Does what it says, and returns the right response. */
        Response perform() throws InterruptedException;
    }

    /** The attribute of an exchange that has the connection reset instead of closed. */
    String RESET = "reset";

    /** No fault: the right response. */
    Fault NONE = (exchange, request) -> request.perform().send(exchange);

    /** Responds; an exception has the connection closed at once. */
    void respond(HttpExchange exchange, Request request) throws IOException, InterruptedException;

    /** The same fault, but the request has had its effect. */
    default Fault afterTheEffect() {
        return (exchange, request) -> {
            request.perform();
            respond(exchange, request);
        };
    }

    /** A status and a body, with headers as names and values in turn; a body is JSON unless a header says otherwise. */
    static Fault status(int status, String body, String... headers) {
        return (exchange, request) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            new Response(status, body).send(exchange);
        };
    }

    /** Closes the connection without a response. */
    static Fault close() {
        return (exchange, request) -> {
            throw new IOException("closed by a fault");
        };
    }

    /** Resets the connection without a response, where the server can; else it is closed. */
    static Fault reset() {
        return (exchange, request) -> {
            exchange.setAttribute(RESET, true);
            throw new IOException("reset by a fault");
        };
    }

    /** Never responds and keeps the connection open, until the server is closed. */
    static Fault silence() {
        return (exchange, request) -> new CountDownLatch(1).await();
    }

    /** Sends half of the response, which has its Content-Length, and closes the connection. */
    static Fault cutShort() {
        return (exchange, request) -> sendHalf(exchange, request.perform(), true);
    }

    /** Sends half of the response in chunks, without a Content-Length, and closes the connection. */
    static Fault cutShortInChunks() {
        return (exchange, request) -> sendHalf(exchange, request.perform(), false);
    }

    /** Sends half of the response as if it were the whole: only its JSON tells that there is more. */
    static Fault halfTheBody() {
        return (exchange, request) -> {
            Response response = request.perform();
            byte[] half = Arrays.copyOf(response.bytes(), response.bytes().length / 2);
            new Response(response.status(), half).send(exchange);
        };
    }

    /** Sends the response byte by byte, with a pause before each. */
    static Fault drip(Duration pause) {
        return (exchange, request) -> {
            Response response = request.perform();
            exchange.sendResponseHeaders(response.status(), lengthOf(response));
            OutputStream out = exchange.getResponseBody();
            for (byte b : response.bytes()) {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                out.write(b);
                out.flush();
            }
        };
    }

    /** Waits before the right response. */
    static Fault delay(Duration pause) {
        return (exchange, request) -> {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            NONE.respond(exchange, request);
        };
    }

    /** The right response, compressed if the client accepts that: no fault, but not every client copes. */
    static Fault gzip() {
        return (exchange, request) -> {
            Response response = request.perform();
            List<String> accepted = exchange.getRequestHeaders().getOrDefault("Accept-Encoding", List.of());
            if (response.bytes().length == 0 || !accepted.toString().contains("gzip")) {
                response.send(exchange);
                return;
            }
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(response.bytes());
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json; charset=utf-8"));
            exchange.sendResponseHeaders(response.status(), compressed.size());
            compressed.writeTo(exchange.getResponseBody());
        };
    }

    private static void sendHalf(HttpExchange exchange, Response response, boolean withLength) throws IOException {
        byte[] bytes = response.bytes();
        // for the JDK's server, 0 is a body of unknown length, which it sends in chunks
        exchange.sendResponseHeaders(response.status(), withLength ? lengthOf(response) : 0);
        OutputStream out = exchange.getResponseBody();
        out.write(Arrays.copyOf(bytes, bytes.length / 2));
        out.flush();
        throw new IOException("cut short by a fault");
    }

    private static long lengthOf(Response response) {
        return response.bytes().length == 0 ? -1 : response.bytes().length;
    }
}
