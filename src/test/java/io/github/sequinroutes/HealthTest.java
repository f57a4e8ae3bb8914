package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.ConsumeClient;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TcpProxy.Direction;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 38: what is asked over HTTP answers at once, whatever is away, and is UP only if records flow. */
class HealthTest {
    private record HealthResponse(int status, JsonNode body, long millis) {
        String message() {
            return body.at("/checks/0/message").asText();
        }
    }

    private static int withPort(TestBundle bundle) throws Exception {
        int port = Ports.free();
        bundle.set("camel.management.enabled", "true").set("camel.management.port", Integer.toString(port));
        return port;
    }

    private static HealthResponse get(int port, String path) throws Exception {
        long begin = System.nanoTime();
        HttpResponse<String> response = ConsumeClient.getUrl("http://localhost:" + port + "/observe/" + path);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        return new HealthResponse(response.statusCode(), new ObjectMapper().readTree(response.body()), millis);
    }

    /** The status of the first answer that there is, from the moment on in which the port is opened. */
    private static CompletableFuture<Void> firstAnswer(int port, String path, Set<String> seen) {
        return CompletableFuture.runAsync(() -> {
            for (int status = 0; status == 0; ) {
                try {
                    status = ConsumeClient.getUrl("http://localhost:" + port + "/observe/" + path)
                            .statusCode();
                    seen.add(path + " " + status);
                } catch (ConnectException e) {
                    Thread.onSpinWait(); // not yet
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    /** The fastest of a few: the tests share the machine, but who waits for a database waits each time. */
    private static void assertQuick(int port, String path) throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            least = Math.min(least, get(port, path).millis);
        }
        assertTrue(least < 300, least + " ms");
    }

    private static void assertDown(int port, String text) {
        await().until(() -> get(port, "health").message().contains(text));
        await().until(() -> get(port, "health/ready").message().contains(text));
    }

    private static void assertSilent(int port) throws Exception {
        long begin = System.nanoTime();
        assertDown(port, "sequin: no answer to a request, for ");
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        assertTrue(seconds < 12, seconds + " s");
        assertQuick(port, "health");
        assertQuick(port, "health/ready");
        assertEquals(200, get(port, "health/live").status);
    }

    @Tag("long")
    @Test
    void itIsNotUpUntilBothEndsHaveAnswered() throws Exception {
        try (TestBundle bundle = new TestBundle();
                TcpProxy network = bundle.network()) {
            int port = withPort(bundle);
            bundle.server().faults().always(Fault.silence());
            bundle.start();

            HealthResponse silent = get(port, "health");
            assertEquals(503, silent.status);
            assertEquals("DOWN", silent.body.get("status").asText());
            await().until(() -> get(port, "health").message().contains("no answer from Sequin yet"));
            assertQuick(port, "health");
            assertEquals(200, get(port, "health/live").status);

            bundle.server().faults().clear();
            await().until(() -> get(port, "health").status == 200);
            assertEquals("UP", get(port, "health/ready").body.get("status").asText());

            network.refuse();
            network.cut();
            assertDown(port, "postgres: ");
            assertQuick(port, "health");
            assertEquals(503, get(port, "health/ready").status);
            assertEquals(200, get(port, "health/live").status);

            network.accept();
            await().until(() -> get(port, "health").status == 200);

            // half of a lease before such a request is given up
            bundle.server().faults().always(Fault.silence(), RequestKind.NEXT);
            assertSilent(port);
            bundle.server().faults().clear();
            await().until(() -> get(port, "health").status == 200);
            bundle.server().faults().always(Fault.silence(), RequestKind.ACK);
            bundle.offer(TestRecord.of("stripe:customer", "a", 1, "{}"));
            assertSilent(port);

            network.stall(Direction.TO_CLIENT, Direction.TO_SERVER);
            assertDown(port, "postgres: ");
            assertQuick(port, "health");
            assertQuick(port, "health/live");
            assertEquals(200, get(port, "health/live").status);
        }
    }

    /** Asks for the health of its own process while the routes are being started, which resumes only then. */
    public static final class AskingPolicy extends RoutePolicySupport {
        private static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();

        @Override
        public void onStart(Route route) {
            int port =
                    Integer.parseInt(route.getCamelContext().resolvePropertyPlaceholders("{{camel.management.port}}"));
            for (String path : List.of("health", "health/ready", "health/live")) {
                try {
                    HealthResponse response = get(port, path);
                    ANSWERS.put(port + "/" + path, response.status + " " + response.message());
                } catch (Exception e) {
                    ANSWERS.put(port + "/" + path, e.toString());
                }
            }
        }
    }

    @Test
    void whileItStartsItSaysNothingElse() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            int port = withPort(bundle);
            Files.writeString(
                    bundle.routes().resolve("asking.camel.yaml"), """
                    - beans:
                        - {name: asking, type: "%s"}
                    - route:
                        id: asking
                        routePolicy: "#asking"
                        from: {uri: "direct:asking", steps: [{stop: {}}]}
                    """.formatted(AskingPolicy.class.getName()));
            ConcurrentSkipListSet<String> seen = new ConcurrentSkipListSet<>();
            CompletableFuture<?> first = CompletableFuture.allOf(
                    firstAnswer(port, "health", seen),
                    firstAnswer(port, "health/live", seen),
                    firstAnswer(port, "status", seen));
            bundle.start();
            first.get(10, TimeUnit.SECONDS);
            seen.remove("status 200"); // it is there, or it is not yet
            seen.remove("status 503");
            assertEquals(Set.of("health 503", "health/live 200"), seen);
            assertEquals(
                    List.of("503 the routes are starting", "503 the routes are starting", "200 "),
                    Stream.of("/health", "/health/ready", "/health/live")
                            .map(path -> AskingPolicy.ANSWERS.get(port + path))
                            .toList());
            await().until(() -> get(port, "health").status == 200);
        }
    }

    /** Records flow, and yet the next start would not have what is saved now. */
    @Test
    void aSavedFileThatIsRefusedIsToldThoughAllIsUp() throws Exception {
        try (TestBundle bundle = ThingFiles.bundle()) {
            int port = withPort(bundle);
            bundle.start().awaitHealthy();
            await().until(() -> get(port, "health").status == 200);
            assertFalse(get(port, "health").body.has("checks"));

            ThingFiles.replace(bundle, ThingFiles.TEMPLATE, "value) values", "valu) values");
            String problem = "runs as before its files were changed: " + ThingFiles.file(bundle, ThingFiles.TEMPLATE)
                    + ":1:42: column \"valu\"";
            for (String path : List.of("health", "health/ready")) {
                await().until(() -> get(port, path).message().contains("test:thing: " + problem));
                HealthResponse up = get(port, path + "?data=true");
                assertEquals(200, up.status);
                assertEquals("UP", up.body.at("/checks/0/status").asText());
                assertTrue(up.body.at("/checks/0/data/test:thing").asText().startsWith(problem), up.body.toString());
            }
            assertFalse(get(port, "health?exposureLevel=oneline").body.has("checks"));

            Things.guardedAgain(bundle);
            await().until(() -> !get(port, "health").body.has("checks"));
        }
    }

    @Test
    void whatItSaysIsPlainJson() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            int port = withPort(bundle);
            bundle.set("postgres.url", bundle.database().url().replaceAll("/\\w+\\?", "/x%5C%22y%0Az?"));
            bundle.start();
            // as PostgreSQL says it, but for the line break, which has no place in a line
            assertDown(port, "database \"x\\\"y\\nz\" does not exist (SQLSTATE 3D000)");
            HealthResponse all = get(port, "health?exposureLevel=full&data=true");
            assertEquals(503, all.status);
            String data = all.body.findValue("postgres").asText();
            assertTrue(data.contains("database \"x\\\"y\\nz\" does not exist"), data);
            assertFalse(get(port, "health?exposureLevel=oneline").body.has("checks"));
        }
    }
}
