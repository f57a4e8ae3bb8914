package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 59 and 60: no call takes longer than it may, and no connection outlives an error. */
@Order(1) // takes long
class HttpBoundsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String RECORD = TestRecord.of("stripe:subscription", "a", 1, "{}");

    /** With a message that is acked, or one that is given back because its table is busy. */
    private static TestBundle bundle(RequestKind kind) throws Exception {
        TestBundle bundle = new TestBundle(Duration.ofSeconds(1)).set("sequin.workers", "1");
        bundle.database().execute("""
                create table busy (id text);
                create function busy(id text) returns text language plpgsql as $$
                begin raise exception using errcode = '40001', message = 'it is busy'; end $$""");
        bundle.collection("test:busy", "insert into busy (id) values (busy(:#id))");
        return bundle.offer(kind == RequestKind.NACK ? TestRecord.of("test:busy", "a", 1, "{}") : RECORD);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEXT", "ACK", "NACK"})
    void aCallThatIsNeverAnsweredIsGivenUp(RequestKind kind) throws Exception {
        try (TestBundle bundle = bundle(kind)) {
            bundle.server().faults().next(1, Fault.silence(), kind);
            bundle.start();
            await().atMost(SOON).until(() -> bundle.server().requests().count(kind) >= 2);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(names = {"NEXT", "ACK", "NACK"})
    void theServersWishToBeLeftAloneIsSeenAtOnce(RequestKind kind) throws Exception {
        try (TestBundle bundle = bundle(kind)) {
            bundle.server().faults().always(Fault.status(429, "{}", "Retry-After", "3600"), kind);
            bundle.start();
            await().atMost(SOON)
                    .until(() -> bundle.health().getMessage().orElse("").contains("Sequin answered 429"));
            assertEquals(1, bundle.server().requests().count(kind));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(names = {"NEXT", "ACK", "NACK"})
    void anErrorThatNeverEndsIsGivenUp(RequestKind kind) throws Exception {
        Fault endless = (exchange, request) -> {
            exchange.sendResponseHeaders(500, 0);
            OutputStream out = exchange.getResponseBody();
            while (true) {
                out.write('x');
                out.flush();
                TimeUnit.MILLISECONDS.sleep(10);
            }
        };
        try (TestBundle bundle = bundle(kind)) {
            bundle.server().faults().next(1, endless, kind);
            bundle.start();
            await().atMost(SOON).until(() -> bundle.server().requests().count(kind) >= 2);
        }
    }

    /** The connection of a worker's call to a server that accepts none, or never speaks TLS. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void aConnectionThatCannotBeMadeIsGivenUp(String scheme) throws Exception {
        List<SocketChannel> others = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestBundle bundle = new TestBundle()) {
            for (int i = 0; scheme.equals("http") && i < 8; i++) {
                // they fill the queue of those that wait to be accepted, so that one more is not answered
                SocketChannel other = SocketChannel.open();
                other.configureBlocking(false);
                other.connect(server.getLocalSocketAddress());
                others.add(other);
            }
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            bundle.set("sequin.url", scheme + "://" + address.getHostString() + ":" + address.getPort())
                    .set("sequin.workers", "1")
                    .start();
            await().atMost(SOON)
                    .until(() -> bundle.health().getDetails().toString().contains("worker-1"));
        } finally {
            for (SocketChannel other : others) {
                other.close();
            }
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"next,500", "next,429", "next,302", "ack,500", "ack,400", "ack,302"})
    void aConnectionIsNotUsedAgainAfterAnError(String kind, int status) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        String stray = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
        for (String body : List.of("", "{\"summary\": \"no\"}")) {
            calls.set(0);
            try (RawServer server = new RawServer(request -> {
                        if (request.kind().equals(kind) && calls.getAndIncrement() == 0) {
                            return RawServer.json(status, body, "Location: /elsewhere") + stray;
                        }
                        return request.kind().equals("next")
                                ? RawServer.message("token", RECORD)
                                : RawServer.NO_CONTENT;
                    });
                    TestBundle bundle = new TestBundle()) {
                bundle.set("sequin.url", server.url())
                        .set("sequin.workers", "1")
                        .start();
                await().until(() -> server.requests(kind).size() >= 3);
                List<RawServer.Request> requests = server.requests(kind);
                assertNotEquals(requests.get(0).connection(), requests.get(1).connection());
                assertEquals(requests.get(1).connection(), requests.get(2).connection());
                assertTrue(server.connections() <= 3, server.connections() + " connections");
                assertEquals(List.of(), server.requests("elsewhere"));
            }
        }
    }

    @Test
    void connectionsAreUsedAgainWhenAllIsWell() throws Exception {
        try (RawServer server = new RawServer(request ->
                        request.kind().equals("next") ? RawServer.message("token", RECORD) : RawServer.NO_CONTENT);
                TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.url", server.url()).set("sequin.workers", "1").start();
            await().until(() -> server.requests("ack").size() >= 20);
            // one to receive, and one to ack
            assertEquals(2, server.connections());
        }
    }
}
