package io.github.sequinroutes.sandbox.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.sequin.Recording;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Stream API over HTTP, quirks included: each is from a recording of the real server. */
class StreamServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "a+b/c=";
    private static final String GOOD = "Authorization: Bearer " + TOKEN;

    private final HttpClient client = HttpClient.newHttpClient();
    private final StreamServer server = new StreamServer(0, TOKEN);
    private final StreamSink sink = server.sink("test", SinkOptions.defaults());

    StreamServerTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void offer(String... keys) {
        for (String key : keys) {
            sink.offer(List.of(new StreamMessage("public.t", List.of(key), "insert", "{\"key\":\"" + key + "\"}")));
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create(server.url() + (path.startsWith("/") ? path : "/api/sequin_streams/" + path)))
                .timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
        return client.send(request.headers(headers).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(
                request(path).POST(BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + TOKEN,
                "Content-Type",
                "application/json",
                "Accept",
                "application/json");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path), "Authorization", "Bearer " + TOKEN);
    }

    private static List<String> ids(HttpResponse<String> response) throws IOException {
        assertEquals(200, response.statusCode(), response.body());
        List<String> ids = new ArrayList<>();
        for (JsonNode item : JSON.readTree(response.body()).get("data")) {
            ids.add(item.get("ack_id").textValue());
        }
        return ids;
    }

    private static String body(List<String> ids) throws IOException {
        return "{\"ack_ids\":" + JSON.writeValueAsString(ids) + "}";
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** All that the server sends on a connection of its own until it closes it. */
    private String raw(String path, String body, String... headers) throws IOException {
        try (Socket socket = connect()) {
            write(socket, path, body, headers);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void write(Socket socket, String path, String body, String... headers) throws IOException {
        String head = "POST /api/sequin_streams/" + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void receivesAndAcks() throws Exception {
        offer("a", "b", "c");
        HttpResponse<String> response = post("test/receive", "{\"batch_size\":2}");
        List<String> ids = ids(response);
        assertEquals(
                "{\"data\":[{\"data\":{\"key\":\"a\"},\"ack_id\":\"" + ids.get(0)
                        + "\"},{\"data\":{\"key\":\"b\"},\"ack_id\":\"" + ids.get(1) + "\"}]}",
                response.body());
        HttpResponse<String> ack = post("test/ack", body(ids));
        assertEquals("200 {\"success\":true}", ack.statusCode() + " " + ack.body());
        assertEquals(1, sink.left());
    }

    @Test
    void aSingleMessageIsTheDefaultAndNoneIsAnEmptyList() throws Exception {
        offer("a", "b");
        assertEquals(1, ids(post("test/receive", "{}")).size());
        assertEquals(1, ids(get("test/receive")).size());
        assertEquals("{\"data\":[]}", get("test/receive").body());
    }

    @Test
    void nacks() throws Exception {
        offer("a");
        List<String> ids = ids(post("test/receive", "{}"));
        assertEquals("{\"success\":true}", post("test/nack", body(ids)).body());
        assertEquals(ids, ids(post("test/receive", "{}")));
    }

    @Test
    void aSinkHasANameAnIdAndASecondPath() throws Exception {
        offer("a", "b");
        assertEquals(1, ids(get(sink.id() + "/receive")).size());
        assertEquals(1, ids(get("/api/http_pull_consumers/test/receive")).size());
    }

    /** Parameters and errors of the recordings, with the answers of the recordings. */
    @ParameterizedTest
    @ValueSource(strings = {"20-errors-parameters.http", "22-ack-bad-ids.http"})
    void answersParametersAsRecorded(String file) throws Exception {
        int compared = 0;
        for (Recording exchange : Recording.of(file)) {
            String action = exchange.path().substring(exchange.path().lastIndexOf('/') + 1);
            // a GET has no body, and what a sink holds is not in the recording
            boolean isPost = !exchange.requestBody().isEmpty();
            if (!isPost || exchange.body().contains("\"ack_id\"")) {
                continue;
            }
            // on a connection of its own: after an exception none is good for another request
            String all = raw(
                    "test/" + action, exchange.requestBody(), GOOD, "Accept: application/json", "Connection: close");
            assertTrue(all.startsWith("HTTP/1.1 " + exchange.status() + " "), all);
            assertEquals(
                    exchange.body() + exchange.after(),
                    all.substring(all.indexOf("\r\n\r\n") + 4).strip(),
                    exchange.requestBody());
            compared++;
        }
        assertTrue(compared > 15, compared + " exchanges");
    }

    @Test
    void aQueryCountsToo() throws Exception {
        offer("a", "b", "c");
        assertEquals(2, ids(get("test/receive?batch_size=2&wait_for=600ms")).size());
        assertEquals(400, get("test/receive?batch_size=0").statusCode());
        assertEquals(400, post("test/receive?batch_size=0", "{}").statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"batch_size\":null} | 500 Internal Server Error | application/json",
                "{\"batch_size\":[1]}  | 500 Internal Server Error | application/json",
                "{\"batch_size\":      | 400 Bad Request           | application/json",
                "{\"batch_size\":      | 400 Bad Request           | */*",
                "{}                    | 406 Not Acceptable        | text/html"
            })
    void anExceptionsAnswerIsFollowedByASecondStatusLineAndTheEnd(String body, String status, String accept)
            throws Exception {
        String all = raw("test/receive", body, GOOD, "Accept: " + accept);
        String reason = status.substring(4);
        String content = accept.equals("application/json") ? "{\"errors\":{\"detail\":\"" + reason + "\"}}" : reason;
        assertTrue(all.startsWith("HTTP/1.1 " + status + "\r\n"), all);
        assertTrue(all.toLowerCase(Locale.ROOT).contains("\r\ncontent-length: " + content.length()), all);
        assertTrue(all.endsWith("\r\n\r\n" + content + "HTTP/1.1 " + status + "\r\n\r\n"), all);
    }

    @Test
    void otherErrorsLeaveTheConnectionAsItWas() throws Exception {
        offer("a");
        try (Socket socket = connect()) {
            write(socket, "test/receive", "{\"batch_size\":0}", GOOD);
            write(socket, "test/receive", "{}", GOOD, "Connection: close");
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(all.startsWith("HTTP/1.1 400 ") && all.contains("}HTTP/1.1 200 OK\r\n"), all);
            assertTrue(all.contains("\"key\":\"a\""), all);
        }
    }

    @Test
    void unparsableJsonIsSeenBeforeTheToken() throws Exception {
        assertTrue(raw("test/receive", "{", "Authorization: Bearer nope").startsWith("HTTP/1.1 400 "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X: y", "Authorization: Bearer nope", "Authorization: bearer a+b/c=", "Authorization: Basic a"})
    void wantsItsToken(String header) throws Exception {
        assertTrue(raw("test/receive", "{}", header, "Connection: close").startsWith("HTTP/1.1 401 "));
    }

    @Test
    void wantsItsTokenOnce() throws Exception {
        assertTrue(raw("test/receive", "{}", GOOD, GOOD, "Connection: close").startsWith("HTTP/1.1 401 "));
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded,400",
        "Application/JSON,400",
        "application/vnd.api+json,400",
        "application/json; charset=utf-8,200"
    })
    void wantsItsContentTypeExactly(String type, int status) throws Exception {
        HttpResponse<String> response = send(
                request("test/receive").POST(BodyPublishers.ofString("{}")),
                "Authorization",
                "Bearer " + TOKEN,
                "Content-Type",
                type);
        assertEquals(status, response.statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope/receive", "nope/ack", "00000000-0000-4000-8000-000000000000/receive"})
    void knowsItsSinks(String path) throws Exception {
        HttpResponse<String> response = post(path, body(List.of("00000000-0000-4000-8000-000000000000")));
        assertEquals(404, response.statusCode());
        assertEquals(
                "{\"summary\":\"Not found: No `consumer` found matching the provided ID or name\"}", response.body());
    }

    @Test
    void knowsItsPaths() throws Exception {
        for (HttpResponse<String> response : List.of(
                post("test/next", "{}"),
                get("test/ack"),
                send(request("test/receive").DELETE(), "X", "y"))) {
            assertEquals("404{\"errors\":{\"detail\":\"Not Found\"}}", response.statusCode() + response.body());
        }
    }

    @Test
    void compressesForWhoeverWantsThat() throws Exception {
        offer("a");
        HttpResponse<byte[]> response = client.send(
                request("test/receive")
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofByteArray());
        assertEquals("gzip", response.headers().firstValue("Content-Encoding").orElseThrow());
        byte[] body = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
        assertEquals("a", JSON.readTree(body).at("/data/0/data/key").textValue());
    }

    @Test
    void aLongPollEndsWithTheMessage() throws Exception {
        CompletableFuture<HttpResponse<String>> poll = CompletableFuture.supplyAsync(() -> {
            try {
                return post("test/receive", "{\"wait_for\":60000}");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> server.requests().count(RequestKind.NEXT) == 1);
        offer("a");
        assertEquals(1, ids(poll.get(20, TimeUnit.SECONDS)).size());
    }

    @Test
    void aClientThatGivesUpStillGetsItsMessage() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "test/receive", "{\"wait_for\":60000}", GOOD);
            await().until(() -> server.requests().count(RequestKind.NEXT) == 1);
        }
        offer("a");
        await().until(() -> sink.inFlight() == 1);
    }

    @Test
    void aPoisonousMessageMakesTheAnswerAnException() throws Exception {
        offer("a", "b");
        sink.poison(message -> message.key().contains("b"));
        String all = raw("test/receive", "{\"batch_size\":10}", GOOD, "Accept: application/json");
        assertTrue(
                all.endsWith("{\"errors\":{\"detail\":\"Internal Server Error\"}}"
                        + "HTTP/1.1 500 Internal Server Error\r\n\r\n"),
                all);
        assertEquals(2, sink.inFlight());
    }

    @Test
    void aServerThatStarts() throws Exception {
        offer("a");
        server.refuse();
        assertThrows(IOException.class, () -> post("test/receive", "{}"));
        server.state(SinkState.BOOTING);
        server.resume();
        HttpResponse<String> booting = post("test/receive", "{}");
        assertEquals("500", booting.statusCode() + booting.body());
        server.state(SinkState.NO_STORE);
        HttpResponse<String> noStore = post("test/receive", "{}");
        String noProcess = "500{\"summary\":\"Call to SlotMessageStore failed with :noproc\"}";
        assertEquals(noProcess, noStore.statusCode() + noStore.body());
        HttpResponse<String> ack = post("test/ack", body(List.of("00000000-0000-4000-8000-000000000000")));
        assertEquals(noProcess, ack.statusCode() + ack.body());
        server.state(SinkState.PAUSED);
        assertEquals("{\"data\":[]}", post("test/receive", "{}").body());
        server.state(SinkState.ACTIVE);
        assertEquals(1, ids(post("test/receive", "{}")).size());
    }

    @Test
    void aDeletedSinkIsUnknown() throws Exception {
        sink.delete(Duration.ofDays(1));
        assertEquals(500, post("test/receive", "{}").statusCode());
        sink.state(SinkState.DELETED);
        assertEquals(404, post("test/receive", "{}").statusCode());
    }

    @Test
    void anAckFromBeforeARestartDoesNothing() throws Exception {
        offer("a", "b");
        List<String> first = ids(post("test/receive", "{}"));
        assertEquals(200, post("test/ack", body(first)).statusCode());
        List<String> second = ids(post("test/receive", "{}"));
        server.restart(1);
        HttpResponse<String> late = post("test/ack", body(second));
        assertEquals("200{\"success\":true}", late.statusCode() + late.body());
        assertEquals(2, sink.left());
        assertEquals(2, ids(post("test/receive", "{\"batch_size\":10}")).size());
    }

    @Test
    void aLostAckIsApplied() throws Exception {
        offer("a");
        List<String> ids = ids(post("test/receive", "{}"));
        server.faults().next(1, Fault.close().afterTheEffect(), RequestKind.ACK);
        assertThrows(IOException.class, () -> post("test/ack", body(ids)));
        assertEquals(0, sink.left());
    }

    @Test
    void faultsSpoilAnswers() throws Exception {
        offer("a", "b", "c", "d");
        server.faults().next(1, Fault.status(503, "no"), RequestKind.NEXT);
        assertEquals(503, post("test/receive", "{}").statusCode());
        server.faults().next(1, Fault.cutShort(), RequestKind.NEXT);
        assertThrows(IOException.class, () -> post("test/receive", "{}"));
        server.faults().next(1, Fault.cutShortInChunks(), RequestKind.NEXT);
        assertThrows(IOException.class, () -> post("test/receive", "{}"));
        server.faults().next(1, Fault.halfTheBody(), RequestKind.NEXT);
        assertThrows(IOException.class, () -> ids(post("test/receive", "{}")));
        server.faults().next(1, Fault.delay(Duration.ofMillis(1)), RequestKind.NEXT);
        assertEquals(1, ids(post("test/receive", "{}")).size());
        assertEquals(4, sink.inFlight());
    }

    @Test
    void anExceptionIsAFaultToo() throws Exception {
        offer("a");
        server.faults().next(1, StreamServer.exception());
        String all = raw("test/receive", "{}", GOOD, "Accept: application/json");
        assertTrue(all.endsWith("}}HTTP/1.1 500 Internal Server Error\r\n\r\n"), all);
        assertEquals(0, sink.inFlight());
    }

    @Test
    void aResetIsNoEnd() throws Exception {
        server.faults().next(1, Fault.reset());
        assertThrows(SocketException.class, () -> raw("test/receive", "{}", GOOD));
    }
}
