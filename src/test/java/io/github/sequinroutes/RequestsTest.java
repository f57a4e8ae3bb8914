package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

/** docs/promises.md 59: a request carries what Sequin needs, and nothing else. */
class RequestsTest {
    private static final Set<String> ALLOWED = Set.of(
            "accept",
            "accept-encoding",
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "host",
            "transfer-encoding",
            "user-agent");

    /** With a message that can be written, and one that cannot, so that it is given back. */
    private static RawServer server() throws Exception {
        Iterator<String> answers = List.of(
                        RawServer.message("token-a", TestRecord.of("stripe:subscription", "a", 1, "{}")),
                        RawServer.message("token-b", TestRecord.of("test:busy", "b", 1, "{}")))
                .iterator();
        return new RawServer(request -> switch (request.kind()) {
            case "next" -> answers.hasNext() ? answers.next() : RawServer.NO_MESSAGES;
            default -> RawServer.NO_CONTENT;
        });
    }

    private static TestBundle bundle(RawServer server) throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute("""
                create table busy (id text);
                create function busy(id text) returns text language plpgsql as $$
                begin raise exception using errcode = '40001', message = 'it is busy'; end $$""");
        return bundle.collection("test:busy", "insert into busy (id) values (busy(:#id))")
                .set("sequin.url", server.url())
                .set("sequin.workers", "1");
    }

    private static void assertLean(RawServer server, RawServer.Request request) {
        assertEquals("POST /v1/http-consumers/test/" + request.kind() + " HTTP/1.1", request.line());
        Map<String, String> headers = request.headers();
        Set<String> others = new TreeSet<>(headers.keySet());
        others.removeAll(ALLOWED);
        assertEquals(Set.of(), others, request::toString);
        assertEquals("Bearer " + TestBundle.TOKEN, headers.get("authorization"));
        assertEquals("application/json", headers.get("accept"));
        assertTrue(headers.get("content-type").startsWith("application/json"), request::toString);
        assertEquals("http://" + headers.get("host"), server.url());
        assertEquals("keep-alive", headers.getOrDefault("connection", "keep-alive"));
    }

    @Test
    void receiveAckAndNackCarryNothingElse() throws Exception {
        try (RawServer server = server();
                TestBundle bundle = bundle(server)) {
            bundle.start();
            await().until(() -> !server.requests("nack").isEmpty());
            RawServer.Request receive = server.requests("next").get(0);
            RawServer.Request ack = server.requests("ack").get(0);
            RawServer.Request nack = server.requests("nack").get(0);
            for (RawServer.Request request : List.of(receive, ack, nack)) {
                assertLean(server, request);
            }
            assertEquals("{\"batch_size\": 1000}", receive.body());
            assertEquals("{\"ack_tokens\":[\"token-a\"]}", ack.body());
            assertEquals("{\"ack_tokens\":[\"token-b\"]}", nack.body());
        }
    }

    @Test
    void whatAHostPutsIntoHeadersStaysThere() throws Exception {
        try (RawServer server = server();
                TestBundle bundle = bundle(server)) {
            bundle.start();
            ProducerTemplate host = bundle.standalone().context().createProducerTemplate();
            host.requestBodyAndHeaders(
                    "direct:sequin-receive",
                    "{\"batch_size\": 7}",
                    Map.of(
                            "Authorization", "Bearer of-the-host",
                            "Cookie", "session=1",
                            "traceparent", "00-1-2-03",
                            "Accept", "text/html",
                            "Host", "elsewhere",
                            "CamelHttpUri", "http://localhost:1/elsewhere",
                            "CamelHttpPath", "elsewhere",
                            "CamelHttpQuery", "query=1",
                            "CamelHttpMethod", "PUT"));
            assertLean(
                    server,
                    server.requests("next").stream()
                            .filter(request -> request.body().contains("7"))
                            .findFirst()
                            .orElseThrow());
        }
    }
}
