package io.github.sequinroutes.sandbox;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.github.sequinroutes.sandbox.feed.RecordFeed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the Consume API answers to a request: its paths, its parameters and its errors. */
final class ConsumeApi {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String PATH = "/v1/http-consumers/";
    private static final String RECORDS = "/records";
    private static final int LONGEST_WAIT_MILLIS = 300_000;
    private static final int LARGEST_BATCH = 1000;

    /** A request that is refused, with the status and the summary of its response. */
    private static final class Refusal extends Exception {
        final int status;

        Refusal(int status, String summary) {
            super(summary);
            this.status = status;
        }
    }

    private final Map<String, SandboxConsumer> consumers = new ConcurrentHashMap<>();
    private final RecordFeed feed = new RecordFeed(new RecordTaker(this::offer));
    private volatile String token;

    ConsumeApi(String token) {
        this.token = token;
    }

    /** From now on every request must bear this token. */
    void token(String changed) {
        token = changed;
    }

    /** Adds a consumer. */
    void add(String id, SandboxConsumer consumer) {
        consumers.put(id, consumer);
    }

    private void offer(String record) {
        consumers.values().forEach(consumer -> consumer.offerAsIs(record));
    }

    /** Takes records for all consumers. */
    RecordFeed feed() {
        return feed;
    }

    /** All consumers. */
    Collection<SandboxConsumer> consumers() {
        return consumers.values();
    }

    /** Does what a request asks for; blocks as long as it wants to wait for messages. */
    Response respond(HttpExchange exchange, byte[] body) throws InterruptedException {
        if (exchange.getRequestURI().getPath().equals(RECORDS)
                && exchange.getRequestMethod().equals("POST")) {
            return feed.respond(body);
        }
        try {
            authorize(exchange);
            return route(exchange, body);
        } catch (Refusal e) {
            return new Response(
                    e.status,
                    JSON.createObjectNode().put("summary", e.getMessage()).toString());
        }
    }

    private void authorize(HttpExchange exchange) throws Refusal {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        if (!headers.equals(List.of("Bearer " + token))) {
            throw new Refusal(401, "Unauthorized: the token is missing or unknown");
        }
    }

    private Response route(HttpExchange exchange, byte[] body) throws Refusal, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String[] parts = path.startsWith(PATH) ? path.substring(PATH.length()).split("/", -1) : new String[0];
        if (parts.length < 1 || parts.length > 2) {
            throw new Refusal(404, "Not found: no such path");
        }
        SandboxConsumer consumer = consumers.get(parts[0]);
        if (consumer == null) {
            throw new Refusal(404, "Not found: no consumer with this ID");
        }
        switch (exchange.getRequestMethod() + (parts.length == 1 ? "" : " " + parts[1])) {
            case "GET" -> {
                return describe(parts[0], consumer);
            }
            case "GET next" -> {
                return next(query(exchange), consumer);
            }
            case "POST next" -> {
                return next(json(exchange, body), consumer);
            }
            case "POST ack" -> consumer.ack(tokens(json(exchange, body)));
            case "POST nack" -> consumer.nack(tokens(json(exchange, body)));
            default -> throw new Refusal(404, "Not found: no such path");
        }
        return new Response(204, "");
    }

    private static Response describe(String id, SandboxConsumer consumer) {
        ObjectNode description = JSON.createObjectNode()
                .put("id", id)
                .put("ack_wait_ms", consumer.ackWait().toMillis())
                .put("max_ack_pending", consumer.maxAckPending())
                .put("max_deliver", -1)
                .put("deliver_policy", "all");
        return new Response(200, description.toString());
    }

    private static Response next(JsonNode request, SandboxConsumer consumer) throws Refusal, InterruptedException {
        int batchSize = integer(request, "batch_size", 1, 1, LARGEST_BATCH);
        int waitFor = integer(request, "wait_for", 0, 0, LONGEST_WAIT_MILLIS);
        SandboxConsumer.NextResult messages = consumer.next(batchSize, Duration.ofMillis(waitFor));
        return new Response(200, body(messages));
    }

    /** Not with a JSON library: the records go out as they were offered, malformed ones too. */
    private static byte[] body(SandboxConsumer.NextResult messages) {
        int size = 100;
        for (SandboxConsumer.Delivery delivery : messages.deliveries()) {
            size += delivery.message().utf8.length + 50;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(size);
        String opening = "{\"data\":[";
        for (SandboxConsumer.Delivery delivery : messages.deliveries()) {
            body.writeBytes(ascii(opening + "{\"ack_token\":\"" + delivery.token() + "\",\"record\":"));
            body.writeBytes(delivery.message().utf8);
            opening = "},";
        }
        body.writeBytes(ascii((messages.deliveries().isEmpty() ? opening : "}")
                + "],\"info\":{\"num_pending\":%d,\"num_ack_pending\":%d}}"
                        .formatted(messages.pending(), messages.ackPending())));
        return body.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> tokens(JsonNode request) throws Refusal {
        JsonNode tokens = request.path("ack_tokens");
        List<String> texts = new ArrayList<>();
        for (JsonNode text : tokens) {
            if (text.isTextual() && !text.textValue().isEmpty()) {
                texts.add(text.textValue());
            }
        }
        if (!tokens.isArray() || texts.size() < tokens.size()) {
            throw new Refusal(400, "Invalid request: `ack_tokens` must be a list of tokens");
        }
        return texts;
    }

    private static JsonNode query(HttpExchange exchange) {
        ObjectNode parameters = JSON.createObjectNode();
        String query = exchange.getRequestURI().getRawQuery();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            String[] pair = parameter.split("=", 2);
            parameters.put(pair[0], pair.length == 2 ? URLDecoder.decode(pair[1], StandardCharsets.UTF_8) : "");
        }
        return parameters;
    }

    private static JsonNode json(HttpExchange exchange, byte[] body) throws Refusal {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.contains("application/json")) {
            throw new Refusal(400, "Content-Type: application/json is required");
        }
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject()) {
                return json;
            }
        } catch (IOException e) {
            // refused below
        }
        throw new Refusal(400, "Invalid request: the body is not a JSON object");
    }

    private static int integer(JsonNode request, String name, int fallback, int min, int max) throws Refusal {
        JsonNode value = request.get(name);
        if (value == null) {
            return fallback;
        }
        boolean valid = value.asText().matches("\\d{1,9}") && value.asInt() >= min && value.asInt() <= max;
        if (!valid) {
            throw new Refusal(400, "Invalid request: `%s` must be an integer from %d to %d".formatted(name, min, max));
        }
        return value.asInt();
    }
}
