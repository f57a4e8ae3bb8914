package io.github.sequinroutes.sandbox;

import static io.github.sequinroutes.sandbox.RequestKind.ACK;
import static io.github.sequinroutes.sandbox.RequestKind.NACK;
import static io.github.sequinroutes.sandbox.RequestKind.NEXT;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.testkit.ConsumeClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxFaultsTest {
    private static final String TOKEN = "secret";
    private static final String NEXT_BODY = "{\"batch_size\": 10}";
    private static final String WHOLE =
            "{\"data\":[{\"ack_token\":\"1.1\",\"record\":1}],\"info\":{\"num_pending\":0,\"num_ack_pending\":1}}";

    private final SandboxServer server = new SandboxServer(0, TOKEN);
    private final SandboxConsumer consumer = server.consumer("test", Duration.ofMinutes(1), 1000);
    private final ConsumeClient client = new ConsumeClient(server.url(), TOKEN);

    SandboxFaultsTest() throws Exception {
        consumer.offerAsIs("1");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> next() throws Exception {
        return client.post("test/next", NEXT_BODY);
    }

    @Test
    void answersWithAStatus() throws Exception {
        server.faults().next(2, Fault.status(429, "{\"summary\": \"slow down\"}", "Retry-After", "7"), NEXT);
        server.faults().next(1, Fault.status(502, "<html>Bad Gateway</html>", "Content-Type", "text/html"));
        server.faults().next(1, Fault.status(204, ""));
        server.faults().next(1, Fault.status(200, ""));

        HttpResponse<String> tooMany = next();
        assertEquals(429, tooMany.statusCode());
        assertEquals("7", tooMany.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("{\"summary\": \"slow down\"}", tooMany.body());
        assertEquals(429, next().statusCode());

        HttpResponse<String> html = next();
        assertEquals(502, html.statusCode());
        assertEquals("text/html", html.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(204, next().statusCode());
        HttpResponse<String> empty = next();
        assertEquals(200, empty.statusCode());
        assertEquals("", empty.body());

        assertEquals(1, consumer.pending());
        assertEquals(WHOLE, next().body());
    }

    @Test
    void meetsOnlyTheKindsThatAreMeant() throws Exception {
        server.faults().always(Fault.status(500, "{}"), ACK, NACK);
        assertEquals(WHOLE, next().body());
        assertEquals(500, client.ack("test", List.of("1.1")).statusCode());
        assertEquals(500, client.ack("test", List.of("1.1")).statusCode());
        assertEquals(500, client.post("test/nack", "{}").statusCode());
        assertEquals(1, consumer.ackPending());

        server.faults().clear();
        assertEquals(204, client.ack("test", List.of("1.1")).statusCode());
    }

    @Test
    void anAckCanBeAppliedAndItsAnswerLost() throws Exception {
        next();
        server.faults().next(1, Fault.status(500, "{}").afterTheEffect(), ACK);
        assertEquals(500, client.ack("test", List.of("1.1")).statusCode());
        assertEquals(0, consumer.left());
    }

    @Test
    void closesInsteadOfAnAnswer() {
        server.faults().always(Fault.close());
        assertThrows(IOException.class, this::next);
        assertEquals(1, consumer.pending());
    }

    @Test
    void cutsAnAnswerShort() throws Exception {
        server.faults().next(1, Fault.cutShort());
        HttpResponse<InputStream> answer = client.open("test/next", NEXT_BODY);
        assertEquals(
                WHOLE.length(),
                answer.headers().firstValueAsLong("Content-Length").orElseThrow());
        assertCutShort(answer);
    }

    @Test
    void cutsAnAnswerInChunksShort() throws Exception {
        server.faults().next(1, Fault.cutShortInChunks());
        HttpResponse<InputStream> answer = client.open("test/next", NEXT_BODY);
        assertTrue(answer.headers().firstValue("Content-Length").isEmpty());
        assertCutShort(answer);
    }

    private void assertCutShort(HttpResponse<InputStream> answer) throws IOException {
        String half = WHOLE.substring(0, WHOLE.length() / 2);
        try (InputStream body = answer.body()) {
            assertEquals(half, new String(body.readNBytes(half.length()), StandardCharsets.UTF_8));
            assertThrows(IOException.class, body::read);
        }
        assertEquals(1, consumer.ackPending());
    }

    @Test
    void answersWithHalfTheJson() throws Exception {
        server.faults().next(1, Fault.halfTheBody());
        assertEquals(WHOLE.substring(0, WHOLE.length() / 2), next().body());
        assertEquals(1, consumer.ackPending());
    }

    @Test
    void keepsSilent() throws Exception {
        server.faults().next(1, Fault.silence());
        HttpRequest.Builder request =
                client.post(client.request("test/next"), NEXT_BODY).timeout(Duration.ofMillis(200));
        assertThrows(HttpTimeoutException.class, () -> client.send(request));
        assertEquals(WHOLE, next().body());
    }

    @Test
    void dripsAndDelays() throws Exception {
        server.faults().next(1, Fault.drip(Duration.ofMillis(2)));
        server.faults().next(1, Fault.delay(Duration.ofMillis(100)));
        long begin = System.nanoTime();
        assertEquals(WHOLE, next().body());
        assertFalse(System.nanoTime() - begin < WHOLE.length() * 2_000_000L, "drips");

        begin = System.nanoTime();
        assertEquals(200, next().statusCode());
        assertFalse(System.nanoTime() - begin < 100_000_000, "waits");
    }

    @Test
    void compressesIfTheClientWantsThat() throws Exception {
        server.faults().always(Fault.gzip());
        assertEquals(WHOLE, next().body());
        consumer.restart();

        HttpRequest.Builder request =
                client.post(client.request("test/next"), NEXT_BODY).header("Accept-Encoding", "gzip, x-gzip, deflate");
        HttpResponse<InputStream> answer = client.open(request);
        assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElseThrow());
        try (InputStream body = new GZIPInputStream(answer.body())) {
            assertEquals(WHOLE.replace("1.1", "1.2"), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(204, client.ack("test", List.of("1.2")).statusCode());
    }

    @Test
    void countsRequestsByKind() throws Exception {
        long begin = System.nanoTime();
        server.faults().next(1, Fault.status(500, "{}"));
        for (int i = 0; i < 3; i++) {
            next();
        }
        client.ack("test", List.of("1.1"));
        Requests requests = server.requests();
        assertEquals(List.of(3, 1, 0), List.of(requests.count(NEXT), requests.count(ACK), requests.count(NACK)));
        List<Long> times = requests.times(NEXT);
        assertTrue(times.get(0) - begin > 0 && times.get(2) - times.get(0) > 0);
        assertEquals(3, requests.mostWithin(Duration.ofMinutes(1), NEXT));
        assertEquals(2, requests.mostWithin(Duration.ofNanos(times.get(2) - times.get(0)), NEXT));
        assertEquals(0, requests.mostWithin(Duration.ofMinutes(1), NACK));
    }

    @Test
    void itsTokenCanBeRotated() throws Exception {
        server.token("another");
        assertEquals(401, next().statusCode());
        assertEquals(
                WHOLE,
                new ConsumeClient(server.url(), "another")
                        .post("test/next", NEXT_BODY)
                        .body());
    }

    @Test
    void aRestartForgetsTokens() throws Exception {
        next();
        server.restart();
        assertEquals(1, consumer.pending());
        assertEquals(204, client.ack("test", List.of("1.1")).statusCode());
        assertEquals(WHOLE.replace("1.1", "1.2"), next().body());
    }

    @Test
    void anAckIsObservedBeforeItIsAnswered() throws Exception {
        List<String> acked = new CopyOnWriteArrayList<>();
        consumer.observeAcks(acked::addAll);
        next();
        client.ack("test", List.of("1.1", "2.1"));
        assertEquals(List.of("1"), acked);
    }

    @Test
    void endsWhatIsStillBeingAnswered() throws Exception {
        server.faults().always(Fault.silence());
        Thread waiting = new Thread(() -> assertThrows(IOException.class, this::next));
        waiting.start();
        await().until(() -> server.requests().count(NEXT) == 1);
        server.close();
        waiting.join(10_000);
        assertFalse(waiting.isAlive());
    }
}
