package io.github.sequinroutes.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.testkit.ConsumeClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "a+b/c=";

    private final SandboxServer server = new SandboxServer(0, TOKEN);
    private final SandboxConsumer consumer = server.consumer("test", Duration.ofSeconds(30), 1000);
    private final ConsumeClient client = new ConsumeClient(server.url(), TOKEN);

    SandboxServerTest() throws Exception {}

    @AfterEach
    void close() {
        server.close();
    }

    private static List<String> tokens(HttpResponse<String> answer) throws Exception {
        List<String> tokens = new ArrayList<>();
        for (JsonNode message : JSON.readTree(answer.body()).get("data")) {
            tokens.add(message.get("ack_token").textValue());
        }
        return tokens;
    }

    private static void assertRefused(int status, HttpResponse<String> answer) throws Exception {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(JSON.readTree(answer.body()).get("summary").isTextual(), answer.body());
    }

    @Test
    void readsAndAcks() throws Exception {
        List.of("{\"id\": \"a\", \"text\": \"ü\"}", "{\"id\": \"b\"}", "7").forEach(consumer::offerAsIs);
        HttpResponse<String> answer = client.post("test/next", "{\"batch_size\": 2, \"wait_for\": 1000}");

        List<String> tokens = tokens(answer);
        assertEquals(
                "{\"data\":[{\"ack_token\":\"" + tokens.get(0) + "\",\"record\":{\"id\": \"a\", \"text\": \"ü\"}},"
                        + "{\"ack_token\":\"" + tokens.get(1) + "\",\"record\":{\"id\": \"b\"}}],"
                        + "\"info\":{\"num_pending\":1,\"num_ack_pending\":2}}",
                answer.body());
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/json; charset=utf-8",
                answer.headers().firstValue("Content-Type").orElseThrow());

        HttpResponse<String> ack = client.ack("test", tokens);
        assertEquals(204, ack.statusCode());
        assertEquals("", ack.body());
        assertEquals(1, consumer.left());
    }

    @Test
    void aSingleMessageIsTheDefault() throws Exception {
        List.of("1", "2").forEach(consumer::offerAsIs);
        assertEquals(1, tokens(client.post("test/next", "{}")).size());
        assertEquals(1, tokens(client.get("test/next")).size());
        assertEquals(
                "{\"data\":[],\"info\":{\"num_pending\":0,\"num_ack_pending\":2}}",
                client.get("test/next").body());
    }

    @Test
    void readsWithAQueryToo() throws Exception {
        List.of("1", "2", "3").forEach(consumer::offerAsIs);
        assertEquals(
                3, tokens(client.get("test/next?batch_size=20&wait_for=10")).size());
    }

    @Test
    void aLongPollEndsWithTheMessage() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return client.post("test/next", "{\"batch_size\": 1, \"wait_for\": 60000}");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        consumer.offerAsIs("1");
        assertEquals(1, tokens(answer.get(30, TimeUnit.SECONDS)).size());
    }

    @Test
    void nacks() throws Exception {
        consumer.offerAsIs("1");
        String token = tokens(client.get("test/next")).get(0);
        assertEquals(
                204,
                client.post("test/nack", "{\"ack_tokens\": [\"" + token + "\"]}")
                        .statusCode());
        assertEquals(List.of(1, 0), List.of(consumer.pending(), consumer.ackPending()));
    }

    @Test
    void acksOfUnknownTokensAreIgnored() throws Exception {
        consumer.offerAsIs("1");
        List<String> tokens = tokens(client.get("test/next"));
        assertEquals(
                204,
                client.ack("test", List.of("unknown", tokens.get(0), "1.1")).statusCode());
        assertEquals(0, consumer.left());
        assertEquals(204, client.ack("test", tokens).statusCode());
        assertEquals(204, client.post("test/ack", "{\"ack_tokens\": []}").statusCode());
    }

    @Test
    void describesTheConsumer() throws Exception {
        assertEquals(
                "{\"id\":\"test\",\"ack_wait_ms\":30000,\"max_ack_pending\":1000,\"max_deliver\":-1,"
                        + "\"deliver_policy\":\"all\"}",
                client.get("test").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a b/c=", "Bearer", "Basic a+b/c=", "a+b/c=", "Bearer a+b/c=x"})
    void wantsItsToken(String authorization) throws Exception {
        assertRefused(401, client.send(client.request("test/next").header("Authorization", authorization)));
        assertRefused(401, client.send(client.request("unknown/next").header("Authorization", authorization)));
    }

    @Test
    void wantsItsTokenOnce() throws Exception {
        assertRefused(401, client.send(client.request("test/next")));
        assertRefused(
                401,
                client.send(client.request("test/next")
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Authorization", "Bearer " + TOKEN)));
        // the answer must arrive even though nothing of a large request is of interest
        assertRefused(
                401,
                client.send(client.request("test/ack")
                        .header("Authorization", "Bearer x")
                        .POST(BodyPublishers.ofString("x".repeat(5_000_000)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown/next", "unknown", "test/unknown", "test/next/", "test/ack", "", "/next"})
    void knowsItsPaths(String path) throws Exception {
        assertRefused(404, client.get(path));
    }

    @Test
    void knowsItsMethods() throws Exception {
        assertRefused(404, client.post("test", "{}"));
        assertRefused(
                404, client.send(client.post(client.request("test/next"), "").DELETE()));
        assertRefused(404, new ConsumeClient(server.url() + "/elsewhere", TOKEN).get("test/next"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "next | {\"batch_size\": 0}",
                "next | {\"batch_size\": 1001}",
                "next | {\"batch_size\": -1}",
                "next | {\"batch_size\": 1.5}",
                "next | {\"batch_size\": null}",
                "next | {\"batch_size\": [1]}",
                "next | {\"batch_size\": \"many\"}",
                "next | {\"batch_size\": 99999999999}",
                "next | {\"wait_for\": -1}",
                "next | {\"wait_for\": 300001}",
                "next | {\"wait_for\": \"5s\"}",
                "next | []",
                "next | ''",
                "next | {\"batch_size\": 1",
                "next | {} {}",
                "next | <html>",
                "ack | {}",
                "ack | {\"ack_tokens\": null}",
                "ack | {\"ack_tokens\": \"1.1\"}",
                "ack | {\"ack_tokens\": {\"a\": \"1.1\"}}",
                "ack | {\"ack_tokens\": [1]}",
                "ack | {\"ack_tokens\": [\"1.1\", \"\"]}",
                "ack | {\"ack_tokens\": [\"1.1\", null]}",
                "nack | {}",
            })
    void refusesWhatItDoesNotUnderstand(String path, String body) throws Exception {
        consumer.offerAsIs("1");
        consumer.next(1, Duration.ZERO);
        assertRefused(400, client.post("test/" + path, body));
        assertEquals(1, consumer.ackPending());
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch_size=0", "batch_size=", "batch_size", "batch_size=1x", "wait_for=-1"})
    void refusesAQueryThatItDoesNotUnderstand(String query) throws Exception {
        assertRefused(400, client.get("test/next?" + query));
    }

    @Test
    void wantsJson() throws Exception {
        assertRefused(
                400,
                client.send(client.request("test/next")
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("{}"))));
        assertRefused(
                400,
                client.send(client.request("test/next")
                        .header("Authorization", "Bearer " + TOKEN)
                        .POST(BodyPublishers.ofString("{}"))));
    }
}
