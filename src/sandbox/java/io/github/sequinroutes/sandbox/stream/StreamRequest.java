package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request of the Stream API, its body read as JSON if it says that it is. */
final class StreamRequest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern PAIR = Pattern.compile("([^&=]+)=([^&]*)");

    private final HttpExchange exchange;
    private final JsonNode body; // or null

    private StreamRequest(HttpExchange exchange, JsonNode body) {
        this.exchange = exchange;
        this.body = body;
    }

    /** Reads the body, before anything else is looked at: not even the token is, if this fails. */
    static StreamRequest read(HttpExchange exchange, byte[] body) throws StreamError {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.contains("application/json")) {
            return new StreamRequest(exchange, null);
        }
        try {
            return new StreamRequest(exchange, body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body));
        } catch (IOException e) {
            throw StreamError.exception(400);
        }
    }

    /** What the client accepts, empty if it does not say. */
    static String accept(HttpExchange exchange) {
        return String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
    }

    boolean isGet() {
        return exchange.getRequestMethod().equals("GET");
    }

    boolean isPost() {
        return exchange.getRequestMethod().equals("POST");
    }

    /** Refuses a client that accepts no JSON. */
    void requireJsonAccepted() throws StreamError {
        String accepted = accept(exchange);
        if (!accepted.isEmpty() && !accepted.contains("json") && !accepted.contains("*/*")) {
            throw StreamError.exception(406);
        }
    }

    /** Refuses a POST that does not say it is JSON. */
    void requireJson() throws StreamError {
        if (body == null && isPost()) {
            throw StreamError.refusal(400, "Content-Type: application/json is required");
        }
    }

    /** The parameters of the query and, first of all, of the body; a body that is no object is ignored. */
    JsonNode parameters() {
        ObjectNode parameters = JSON.createObjectNode();
        String query = exchange.getRequestURI().getRawQuery();
        Matcher pairs = PAIR.matcher(query == null ? "" : query);
        while (pairs.find()) {
            parameters.put(pairs.group(1), URLDecoder.decode(pairs.group(2), StandardCharsets.UTF_8));
        }
        return body instanceof ObjectNode object ? parameters.setAll(object) : parameters;
    }
}
