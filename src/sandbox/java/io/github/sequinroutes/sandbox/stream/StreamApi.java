package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.github.sequinroutes.sandbox.Response;
import io.github.sequinroutes.sandbox.feed.RecordFeed;
import io.github.sequinroutes.sandbox.http.HttpListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the Stream API answers to a request: its paths, its parameters and its errors. */
final class StreamApi {
    private static final Pattern PATH =
            Pattern.compile("/api/(?:sequin_streams|http_pull_consumers)/([^/]+)/(receive|ack|nack)");
    private static final String NO_STORE = "Call to SlotMessageStore failed with :noproc";
    private static final String UNKNOWN_SINK = "Not found: No `consumer` found matching the provided ID or name";

    private final Map<String, StreamSink> sinks = new ConcurrentHashMap<>();
    private final RecordFeed feed = new RecordFeed(new ChangeTaker(this::offer));
    private volatile String token;

    StreamApi(String token) {
        this.token = token;
    }

    /** From now on every request must bear this token. */
    void token(String changed) {
        token = changed;
    }

    /** Adds a sink. */
    void add(StreamSink sink) {
        sinks.put(sink.name(), sink);
    }

    private void offer(StreamMessage message) {
        sinks.values().stream()
                .filter(sink -> sink.delivers(message.collection()))
                .forEach(sink -> sink.offer(List.of(message)));
    }

    /** Takes changes for all sinks. */
    RecordFeed feed() {
        return feed;
    }

    /** All sinks. */
    Collection<StreamSink> sinks() {
        return sinks.values();
    }

    /** Does what a request asks for; blocks as long as it wants to wait for messages. */
    Response respond(HttpExchange exchange, byte[] body) throws InterruptedException {
        if (exchange.getRequestURI().getPath().equals("/records")
                && exchange.getRequestMethod().equals("POST")) {
            return feed.respond(body);
        }
        try {
            return route(exchange, body);
        } catch (StreamError e) {
            return error(exchange, e);
        } catch (NotEncodableException e) {
            return exception(exchange);
        }
    }

    /** The answer of an exception. */
    static Response exception(HttpExchange exchange) {
        return error(exchange, StreamError.exception(500));
    }

    private static Response error(HttpExchange exchange, StreamError error) {
        if (!error.isException()) {
            return new Response(error.status(), error.body());
        }
        String reason = StreamError.reason(error.status());
        exchange.setAttribute(HttpListener.AFTERWARDS, "HTTP/1.1 %d %s\r\n\r\n".formatted(error.status(), reason));
        if (StreamRequest.accept(exchange).contains("application/json")) {
            return new Response(error.status(), error.body());
        }
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        return new Response(error.status(), reason);
    }

    private Response route(HttpExchange exchange, byte[] body) throws StreamError, InterruptedException {
        StreamRequest request = StreamRequest.read(exchange, body);
        Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
        boolean isKnown = path.matches()
                && (request.isPost() || (request.isGet() && path.group(2).equals("receive")));
        if (!isKnown) {
            throw StreamError.unknownPath();
        }
        request.requireJsonAccepted();
        authorize(exchange);
        request.requireJson();
        StreamSink sink = sink(path.group(1));
        if (path.group(2).equals("receive")) {
            return receive(sink, request.parameters());
        }
        List<String> ids = StreamParameters.ackIds(request.parameters());
        requireStore(sink);
        if (path.group(2).equals("ack")) {
            sink.ack(ids);
        } else {
            sink.nack(ids);
        }
        return new Response(200, "{\"success\":true}");
    }

    private static Response receive(StreamSink sink, JsonNode parameters) throws StreamError, InterruptedException {
        int limit = StreamParameters.batchSize(parameters);
        Duration wait = StreamParameters.waitFor(parameters);
        List<StreamSink.Delivery> deliveries = sink.receive(limit, wait);
        requireStore(sink);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String opening = "{\"data\":[";
        for (StreamSink.Delivery delivery : deliveries) {
            body.writeBytes(utf8(opening + "{\"data\":"));
            body.writeBytes(utf8(delivery.message().json()));
            body.writeBytes(utf8(",\"ack_id\":\"" + delivery.ackId() + "\"}"));
            opening = ",";
        }
        body.writeBytes(utf8(deliveries.isEmpty() ? opening + "]}" : "]}"));
        return new Response(200, body.toByteArray());
    }

    private void authorize(HttpExchange exchange) throws StreamError {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        if (headers.size() != 1) {
            throw StreamError.refusal(401, "Please provide exactly one Authorization header in your request.");
        }
        if (!headers.get(0).startsWith("Bearer ")) {
            throw StreamError.refusal(401, "Please provide a valid API token in the Authorization header.");
        }
        if (!headers.get(0).equals("Bearer " + token)) {
            throw StreamError.refusal(401, "The API token you provided is invalid or has expired.");
        }
    }

    private StreamSink sink(String idOrName) throws StreamError {
        StreamSink sink = sinks.get(idOrName);
        for (StreamSink candidate : sinks.values()) {
            if (candidate.id().equals(idOrName)) {
                sink = candidate;
            }
        }
        if (sink == null || sink.state() == SinkState.DELETED) {
            throw StreamError.refusal(404, UNKNOWN_SINK);
        }
        if (sink.state() == SinkState.BOOTING) {
            throw StreamError.booting();
        }
        return sink;
    }

    private static void requireStore(StreamSink sink) throws StreamError {
        if (sink.state() == SinkState.NO_STORE) {
            throw StreamError.refusal(500, NO_STORE);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
