package io.github.sequinroutes.sequin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client does whatever the routes and the host have done before. */
class SequinHttpClientTest {
    private final AtomicReference<String> token = new AtomicReference<>("first");
    private RawServer server;
    private CloseableHttpClient client;

    @BeforeEach
    void connect() throws IOException {
        // a cookie that nobody wants back
        server = new RawServer(request -> RawServer.json(200, "{}", "Set-Cookie: session=1; Path=/"));
        HttpClientBuilder builder = HttpClientBuilder.create();
        new SequinHttpClient(
                        token::get,
                        Duration.ofSeconds(30),
                        new ServerConnections(server.url(), List.of(), null),
                        Duration.ZERO,
                        new Silence())
                .configureHttpClient(builder);
        client = builder.build();
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

    @Test
    void eachRequestHasTheTokenOfItsTime() throws IOException {
        assertEquals("Bearer first", call().headers().get("authorization"));
        token.set("second");
        assertEquals("Bearer second", call().headers().get("authorization"));
        token.set("");
        assertEquals(null, call().headers().get("authorization"));
    }
}
