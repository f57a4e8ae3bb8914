package io.github.sequinroutes.sequin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the client does whatever the routes and the host have done before. */
class SequinHttpClientTest {
    private final AtomicReference<String> token = new AtomicReference<>("first");
    private RawServer server;
    private CloseableHttpClient client;

    @BeforeEach
    void connect() throws IOException {
        // a cookie that nobody wants back
        server = new RawServer(request -> RawServer.json(200, "{}", "Set-Cookie: session=1; Path=/"));
        client = client(server, Duration.ofSeconds(30));
    }

    private CloseableHttpClient client(RawServer of, Duration responseTimeout) {
        HttpClientBuilder builder = HttpClientBuilder.create();
        new SequinHttpClient(
                        token::get,
                        responseTimeout,
                        new ServerConnections(of.url(), List.of(), null),
                        Duration.ZERO,
                        new Silence("sequin.url"))
                .configureHttpClient(builder);
        return builder.build();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        server.close();
    }

    private RawServer.Request call() throws IOException {
        HttpPost post = new HttpPost(server.url() + "/x/next");
        post.setEntity(new StringEntity("{}", ContentType.TEXT_PLAIN));
        post.addHeader("traceparent", "00-1-2-03");
        post.addHeader("Authorization", "Basic of-the-host");
        post.addHeader("Accept", "text/html");
        post.addHeader("Accept", "text/plain");
        assertEquals(200, (int) client.execute(post, response -> response.getCode()));
        return server.requests("next").get(server.requests("next").size() - 1);
    }

    @Test
    void whatIsNotNeededIsNotSent() throws IOException {
        for (int i = 0; i < 2; i++) {
            RawServer.Request request = call();
            assertEquals(
                    Set.of(
                            "accept",
                            "accept-encoding",
                            "authorization",
                            "connection",
                            "content-length",
                            "content-type",
                            "host",
                            "user-agent"),
                    request.headers().keySet());
            assertEquals("application/json", request.headers().get("accept"));
            assertEquals("application/json", request.headers().get("content-type"));
        }
    }

    /** Each byte comes in time, and the answer never does. */
    @ParameterizedTest
    @CsvSource({"1, 1000", "1000, 2"})
    void anAnswerThatDripsIsGivenUpAfterItsWholeTime(int head, int body) throws IOException {
        String answer = RawServer.json(200, "x".repeat(body), "X: " + "x".repeat(head));
        try (RawServer dripping = new RawServer(request -> answer, Duration.ofMillis(10));
                CloseableHttpClient impatient = client(dripping, Duration.ofMillis(500))) {
            long begin = System.nanoTime();
            SocketTimeoutException late = assertThrows(
                    SocketTimeoutException.class,
                    () -> impatient.execute(
                            new HttpPost(dripping.url() + "/x/next"),
                            response -> response.getEntity().getContent().readAllBytes()));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertTrue(late.getMessage().startsWith("its answer drips"), late.getMessage());
            assertTrue(millis < 8_000, millis + " ms");
        }
    }

    /** Long before that is over it is told, until it comes faster. */
    @Test
    void anAnswerThatDripsIsToldOf() throws IOException {
        AtomicLong now = new AtomicLong();
        Silence silence = new Silence("sequin.url", now::get);
        Set<String> told = new LinkedHashSet<>();
        InputStream drip = new InputStream() {
            @Override
            public int read() {
                now.addAndGet(TimeUnit.SECONDS.toNanos(1));
                told.add(String.valueOf(silence.problem()));
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                bytes[offset] = (byte) read();
                return told.size() < 4 ? 1 : length;
            }
        };
        AbortableEntity entity = new AbortableEntity(
                new InputStreamEntity(drip, ContentType.APPLICATION_JSON), null, silence, Long.MAX_VALUE);
        InputStream in = entity.getContent();
        for (int i = 0; i < 20; i++) {
            assertTrue(in.read(new byte[2_000], 0, 2_000) > 0);
        }
        assertEquals(Set.of("null", drips(5), drips(6), drips(7)), told);
        assertEquals(null, silence.problem());
    }

    private static String drips(int seconds) {
        return "an answer that stands still or drips, for " + seconds + " s; see whether what is at sequin.url hangs";
    }

    @Test
    void eachRequestHasTheTokenOfItsTime() throws IOException {
        assertEquals("Bearer first", call().headers().get("authorization"));
        token.set("second");
        assertEquals("Bearer second", call().headers().get("authorization"));
        token.set("");
        assertEquals(null, call().headers().get("authorization"));
    }
}
