package io.github.sequinroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A stand-in for the Sequin server's Consume API: {@code /v1/http-consumers/{id}/next}, {@code /ack} and {@code /nack},
 * with its bearer token, its long polls and its errors.
 */
public final class SandboxServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/v1/http-consumers/";
    private static final int LONGEST_WAIT_MILLIS = 300_000;
    private static final int LARGEST_BATCH = 1000;

    static {
        // else each answer on a kept connection is held back for the client's delayed acknowledgement, some 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sandbox-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, SandboxConsumer> consumers = new ConcurrentHashMap<>();
    private final String token;

    /** A request that the server refuses, with the status and the summary of its answer. */
    private static final class Refusal extends Exception {
        final int status;

        Refusal(int status, String summary) {
            super(summary);
            this.status = status;
        }
    }

    /** Starts a server on a loopback port, 0 for any that is free; every request must bear the token. */
    public SandboxServer(int port, String token) throws IOException {
        this.token = token;
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
        consumers.put(id, consumer);
        return consumer;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange);
            } catch (Refusal e) {
                send(exchange, e.status, JSON.writeValueAsBytes(Map.of("summary", e.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
        authorize(exchange);
        String path = exchange.getRequestURI().getPath();
        String[] parts = path.startsWith(PATH) ? path.substring(PATH.length()).split("/", -1) : new String[0];
        if (parts.length != 2) {
            throw new Refusal(404, "Not found: no such path");
        }
        SandboxConsumer consumer = consumers.get(parts[0]);
        if (consumer == null) {
            throw new Refusal(404, "Not found: no consumer with this ID");
        }
        switch (parts[1]) {
            case "next" -> next(exchange, consumer);
            case "ack" -> {
                consumer.ack(tokens(exchange));
                send(exchange, 204, null);
            }
            case "nack" -> {
                consumer.nack(tokens(exchange));
                send(exchange, 204, null);
            }
            default -> throw new Refusal(404, "Not found: no such path");
        }
    }

    private void authorize(HttpExchange exchange) throws Refusal {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        if (!headers.equals(List.of("Bearer " + token))) {
            throw new Refusal(401, "Unauthorized: the token is missing or unknown");
        }
    }

    private void next(HttpExchange exchange, SandboxConsumer consumer)
            throws IOException, Refusal, InterruptedException {
        JsonNode request = exchange.getRequestMethod().equals("GET") ? query(exchange) : body(exchange);
        int batchSize = integer(request, "batch_size", 1, 1, LARGEST_BATCH);
        int waitFor = integer(request, "wait_for", 0, 0, LONGEST_WAIT_MILLIS);
        SandboxConsumer.Answer answer = consumer.next(batchSize, Duration.ofMillis(waitFor));
        StringJoiner data = new StringJoiner(",", "{\"data\":[", "]");
        for (SandboxConsumer.Delivery delivery : answer.deliveries()) {
            data.add("{\"ack_token\":\"" + delivery.token() + "\",\"record\":" + delivery.record() + "}");
        }
        String info = ",\"info\":{\"num_pending\":%d,\"num_ack_pending\":%d}}"
                .formatted(answer.pending(), answer.ackPending());
        send(exchange, 200, (data + info).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> tokens(HttpExchange exchange) throws IOException, Refusal {
        JsonNode tokens = body(exchange).get("ack_tokens");
        List<String> texts = new ArrayList<>();
        if (tokens == null || !tokens.isArray()) {
            throw new Refusal(400, "Invalid request: `ack_tokens` must be a list of tokens");
        }
        for (JsonNode text : tokens) {
            if (!text.isTextual() || text.textValue().isEmpty()) {
                throw new Refusal(400, "Invalid request: `ack_tokens` must be a list of tokens");
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    private static JsonNode query(HttpExchange exchange) {
        var parameters = JSON.createObjectNode();
        String query = exchange.getRequestURI().getRawQuery();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            String[] pair = parameter.split("=", 2);
            parameters.put(pair[0], pair.length == 2 ? URLDecoder.decode(pair[1], StandardCharsets.UTF_8) : "");
        }
        return parameters;
    }

    private static JsonNode body(HttpExchange exchange) throws IOException, Refusal {
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new Refusal(404, "Not found: no such path");
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.contains("application/json")) {
            throw new Refusal(400, "Content-Type: application/json is required");
        }
        try {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            if (body.isObject()) {
                return body;
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            // refused below
        }
        throw new Refusal(400, "Invalid request: the body is not a JSON object");
    }

    private static int integer(JsonNode request, String name, int fallback, int least, int most) throws Refusal {
        JsonNode value = request.get(name);
        if (value == null) {
            return fallback;
        }
        boolean valid = value.asText().matches("\\d{1,9}") && value.asInt() >= least && value.asInt() <= most;
        if (!valid) {
            throw new Refusal(
                    400, "Invalid request: `%s` must be an integer from %d to %d".formatted(name, least, most));
        }
        return value.asInt();
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (body == null) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
