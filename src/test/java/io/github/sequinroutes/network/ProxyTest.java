package io.github.sequinroutes.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.RawServer;
import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 76: through a proxy, and never to whom the server points; each secret goes to its own host alone. */
@Tag("long")
class ProxyTest {
    private static final String RECORD = TestRecord.of("stripe:customer", "a", 1, "{\"balance\": 1}");
    private static final String SECRET = "p@ss w\u00f6rd";
    private static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(UTF_8));
    private static final String USER = "me:p%40ss%20w%C3%B6rd@";

    /** The host has no address: only the proxy can know it. */
    @Test
    void plainRequestsGoToTheProxyWithItsOwnAuthorization() throws Exception {
        try (LogWatch log = new LogWatch(SECRET);
                RawServer proxy = new RawServer(request ->
                        request.kind().equals("next") ? RawServer.message("token", RECORD) : RawServer.NO_CONTENT);
                TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.url", "http://sequin.invalid:7376")
                    .set("sequin.proxy", proxy.url().replace("http://", "http://" + USER))
                    .set("sequin.workers", "1")
                    .start();
            await().until(() -> proxy.requests("ack").size() >= 2);
            RawServer.Request request = proxy.requests("ack").get(0);
            assertEquals("POST http://sequin.invalid:7376/v1/http-consumers/test/ack HTTP/1.1", request.line());
            assertEquals(AUTHORIZATION, request.headers().get("proxy-authorization"));
            assertEquals("Bearer " + TestBundle.TOKEN, request.headers().get("authorization"));
            assertEquals(List.of(), log.lines(""));
        }
    }

    @Test
    void encryptedRequestsGoThroughATunnelOfWhichTheProxySeesNothing() throws Exception {
        TestAuthority authority = new TestAuthority("Authority");
        try (TemporaryFolder folder = new TemporaryFolder("proxy");
                TestBundle bundle = new TestBundle();
                Relay tls = Relay.tls(
                        URI.create(bundle.server().url()).getPort(),
                        authority
                                .issue("sequin.invalid", Instant.now().plusSeconds(3_600))
                                .context());
                Relay proxy = Relay.proxy(tls.port(), AUTHORIZATION)) {
            Path authorities = Files.writeString(folder.path().resolve("ca.pem"), authority.pem());
            bundle.set("sequin.url", "https://sequin.invalid:7376")
                    .set("sequin.ca-file", authorities.toString())
                    .set("sequin.proxy", "http://" + USER + "127.0.0.1:" + proxy.port())
                    .set("sequin.workers", "1")
                    .offer(RECORD)
                    .start()
                    .awaitDrained();
            String said = String.join("", proxy.heads());
            assertTrue(said.startsWith("CONNECT sequin.invalid:7376 HTTP/1.1"), said);
            assertFalse(said.contains(TestBundle.TOKEN), said);
        }
    }

    @Test
    void aProxyThatDoesNotKnowUsIsNamed() throws Exception {
        try (TestBundle bundle = new TestBundle();
                Relay proxy = Relay.proxy(URI.create(bundle.server().url()).getPort(), AUTHORIZATION)) {
            bundle.set("sequin.url", "https://sequin.invalid:7376")
                    .set("sequin.proxy", "http://127.0.0.1:" + proxy.port())
                    .set("sequin.workers", "1")
                    .start()
                    .awaitUnhealthy("set them in sequin.proxy");
        }
    }

    /** Neither token nor message: the other host is not even connected to. */
    @Test
    void noRedirectLeadsToAnotherHost() throws Exception {
        try (RawServer other = new RawServer(request -> RawServer.NO_MESSAGES);
                RawServer server = new RawServer(request ->
                        RawServer.json(307, "{}", "Location: " + other.url() + "/v1/http-consumers/test/next"));
                TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.url", server.url())
                    .set("sequin.workers", "1")
                    .start()
                    .awaitUnhealthy(
                            "Sequin answered 307: a redirect, which is not followed; set sequin.url to where it leads");
            assertEquals(0, other.connections());
        }
    }
}
