package io.github.sequinroutes.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The status and the body of an HTTP response, the body empty if there is none. */
public final class Response {
    private final int status;
    private final byte[] bytes;

    /** A response with a text. */
    public Response(int status, String body) {
        this(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A response with these bytes, which it keeps. */
    public Response(int status, byte[] bytes) {
        this.status = status;
        this.bytes = bytes;
    }

    int status() {
        return status;
    }

    /** The body as it is sent. */
    byte[] bytes() {
        return bytes;
    }

    /** Sends it, as JSON unless the exchange says otherwise. */
    public void send(HttpExchange exchange) throws IOException {
        if (bytes.length == 0) {
            // for the JDK's server, 0 would be a body of unknown length
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json; charset=utf-8"));
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
