package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What comes from the network is data: it names no endpoint, sets no header and is no expression. */
@Tag("postgres")
class HostileRecordsTest {
    private static final String MEAN = """
            {"email": "a@b.c", "CamelSqlQuery": "drop table stripe.customers", "CamelSqlDataSource": "#other",
             "CamelHttpUri": "http://localhost:1", "CamelHttpMethod": "DELETE", "Authorization": "x"}""";

    private static final List<String> COLLECTIONS = List.of(
            "sequin-ack",
            "sequin-write",
            "sequin-worker-1",
            "file:/etc/passwd",
            "*",
            "stripe:subscription?block=true",
            "direct:sequin-ack",
            "direct:stripe:customer",
            "//stripe:customer",
            "../x",
            "${body}",
            "${exception}",
            "{{sequin.url}}",
            "a) or 1=1",
            "stripe:customer,github:issue",
            "stripe%3Acustomer",
            "Stripe:Customer",
            " stripe:customer",
            "stripe:customer ",
            "#bean:sequin-deadLetters",
            "sql:drop table stripe.customers",
            "?",
            "#");

    @Test
    void aCollectionWithoutARouteOnlyEverBecomesADeadLetter() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            for (String collection : COLLECTIONS) {
                bundle.offer(TestRecord.of(collection, "a", 1, "{}"));
            }
            bundle.offer(TestRecord.of("stripe:customer", "b", 1, "{}")).start().awaitDrained();
            assertEquals(
                    COLLECTIONS.stream()
                            .map(collection -> "unknown-collection|" + collection + "|a")
                            .sorted()
                            .toList(),
                    bundle.database().rows("select reason, collection, record_id from sequin.dead_letters").stream()
                            .sorted()
                            .toList());
            assertEquals("b", bundle.database().value("select id from stripe.customers"));
        }
    }

    @Test
    void fieldsThatAreNamedLikeHeadersDoNothing() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            String record = TestRecord.of("stripe:customer", "a", 1, MEAN);
            bundle.offer(record.replaceFirst("\\{", "{\"CamelSqlQuery\": \"select 1\", \"CamelHttpUri\": \"x:y\", "))
                    .start()
                    .awaitDrained();
            assertEquals("a|a@b.c", bundle.database().value("select id, email from stripe.customers"));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Test
    void headersOfAnAnswerDoNothing() throws Exception {
        AtomicBoolean sent = new AtomicBoolean();
        AtomicReference<String> acked = new AtomicReference<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean ack = exchange.getRequestURI().getPath().endsWith("/ack");
            String message =
                    "{\"ack_token\": \"t\", \"record\": " + TestRecord.of("stripe:customer", "a", 1, MEAN) + "}";
            String answer = "{\"data\": [" + (ack || sent.getAndSet(true) ? "" : message) + "]}";
            if (ack) {
                acked.set(request);
            }
            exchange.getResponseHeaders().set("CamelSqlQuery", "select 1");
            exchange.getResponseHeaders().set("CamelSqlDataSource", "#other");
            exchange.getResponseHeaders().set("CamelHttpUri", "http://localhost:1/");
            exchange.getResponseHeaders().set("CamelHttpPath", "/x");
            exchange.getResponseHeaders().set("email", "from a header");
            exchange.getResponseHeaders().set("name", "from a header");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.url", "http://localhost:" + server.getAddress().getPort())
                    .start();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> acked.get() != null);
            assertEquals("{\"ack_tokens\":[\"t\"]}", acked.get());
            assertEquals("a|a@b.c|~", bundle.database().value("select id, email, name from stripe.customers"));
        } finally {
            server.stop(0);
        }
    }
}
