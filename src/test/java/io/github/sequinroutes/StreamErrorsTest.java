package io.github.sequinroutes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sequin.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 67: the errors of the real server, byte for byte as they were recorded. */
class StreamErrorsTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String SUCCESS = RawServer.json(200, "{\"success\":true}");

    /** Each answer that a second status line follows, with the call that got it. */
    static Stream<Arguments> answersWithASecondStatusLine() throws IOException {
        List<Arguments> answers = new ArrayList<>();
        for (String file : Recording.files()) {
            for (Recording recording : Recording.of(file)) {
                if (recording.after().contains("HTTP/1.1")) {
                    String call = recording.path().replaceFirst(".*/", "");
                    answers.add(Arguments.of(file, call, new String(recording.wire(), ISO_8859_1)));
                }
            }
        }
        Matcher raw = Pattern.compile("(?m)^'(HTTP/1\\.1 500.*)'$")
                .matcher(Files.readString(
                        Path.of("src/test/resources/stream-recordings/21-keepalive-after-500.http"), ISO_8859_1));
        assertTrue(raw.find());
        answers.add(Arguments.of(
                "21-keepalive-after-500.http", "receive", raw.group(1).replace("\\r\\n", "\r\n")));
        return answers.stream()
                .filter(answer -> List.of("receive", "ack", "nack").contains(answer.get()[1]));
    }

    @Test
    void secondStatusLinesWereRecordedForEachKindOfFailure() throws IOException {
        List<String> files = answersWithASecondStatusLine()
                .map(answer -> (String) answer.get()[0])
                .map(file -> file.substring(0, 2))
                .distinct()
                .toList();
        assertTrue(files.containsAll(List.of("20", "21", "30", "50", "75", "78")), files.toString());
    }

    @Tag("long")
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("answersWithASecondStatusLine")
    void aConnectionIsNotUsedAgainAfterASecondStatusLine(String file, String call, String answer) throws Exception {
        assertTrue(answer.matches("(?s)HTTP/1.1 (.*?\r\n).*HTTP/1.1 \\1\r\n"), answer);
        String message = Products.answers("02-insert.http", 200).get(0);
        AtomicInteger calls = new AtomicInteger();
        try (RawServer server = new RawServer(request -> {
                    if (request.kind().equals(call) && calls.getAndIncrement() == 0) {
                        return answer;
                    }
                    return request.kind().equals("receive") ? message : SUCCESS;
                });
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            bundle.set("sequin.workers", "1").start();
            await().atMost(SOON).until(() -> server.requests(call).size() >= 3);
            List<RawServer.Request> requests = server.requests(call);
            assertNotEquals(requests.get(0).connection(), requests.get(1).connection());
            assertEquals(requests.get(1).connection(), requests.get(2).connection());
            bundle.awaitHealthy();
        }
    }

    /** A sink that is paused, or disabled, answers an empty list at once, whatever it is asked. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"31-paused-disabled.http", "64-disabled.http"})
    void aSinkThatIsPausedIsAskedRarely(String file) throws Exception {
        String empty = Products.answers(file, 200).stream()
                .filter(answer -> answer.endsWith("{\"data\":[]}"))
                .findFirst()
                .orElseThrow();
        String message = Products.answers("02-insert.http", 200).get(0);
        AtomicBoolean paused = new AtomicBoolean(true);
        try (RawServer server = new RawServer(
                        request -> !request.kind().equals("receive") ? SUCCESS : paused.get() ? empty : message);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            bundle.start();
            await().atMost(SOON).until(() -> server.requests("receive").size() >= 16);
            int before = server.requests("receive").size();
            long began = System.nanoTime();
            await().atMost(SOON).until(() -> server.requests("receive").size() >= before + 8);
            // two workers, each once a second
            assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) > 2_800);
            bundle.awaitHealthy();
            paused.set(false);
            await().atMost(SOON).until(() -> !server.requests("ack").isEmpty());
        }
    }

    /** Refused, an empty 500, a 500 that says noproc, an empty list, and then messages. */
    @Test
    void aServerThatStartsIsWaitedFor() throws Exception {
        List<String> starting = List.of(
                "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
                Products.answers("75-redis-down.http", 500).stream()
                        .filter(answer -> answer.contains(":noproc"))
                        .findFirst()
                        .orElseThrow(),
                Products.answers("01-receive-empty.http", 200).get(0),
                Products.answers("02-insert.http", 200).get(0));
        AtomicInteger calls = new AtomicInteger();
        try (RawServer server = new RawServer(request -> request.kind().equals("receive")
                        ? starting.get(Math.min(calls.getAndIncrement(), starting.size() - 1))
                        : SUCCESS);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            bundle.set("sequin.workers", "1").start();
            await().atMost(SOON).until(() -> server.requests("ack").size() >= 5);
            bundle.awaitHealthy();
            List<String> asked = server.requests("receive").stream()
                    .map(RawServer.Request::body)
                    .toList();
            assertEquals("{\"batch_size\": 1000}", asked.get(0));
            assertEquals("{\"batch_size\": 100}", asked.get(1));
            assertEquals("{\"batch_size\": 10}", asked.get(2));
            assertEquals("{\"batch_size\": 1000}", asked.get(asked.size() - 1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "65-deleted-sink.http, 404, no such sink of type sequin_stream; check sequin.url",
        "30-auth-and-http-errors.http, 401, set sequin.token",
    })
    void whatToFixIsNamedAndRequestsAreRare(String file, int status, String advice) throws Exception {
        String refusal = Products.answers(file, status).get(0);
        String message = Products.answers("02-insert.http", 200).get(0);
        AtomicBoolean refused = new AtomicBoolean(true);
        try (RawServer server = new RawServer(
                        request -> refused.get() ? refusal : request.kind().equals("receive") ? message : SUCCESS);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            bundle.set("sequin.workers", "1").start();
            bundle.awaitUnhealthy(advice);
            bundle.awaitUnhealthy("Sequin answered " + status);
            await().atMost(SOON).until(() -> server.requests("receive").size() >= 2);
            assertEquals(2, server.requests("receive").size());
            refused.set(false);
            await().atMost(SOON).until(() -> !server.requests("ack").isEmpty());
            bundle.awaitHealthy();
        }
    }
}
