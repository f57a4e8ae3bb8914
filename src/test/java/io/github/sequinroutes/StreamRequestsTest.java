package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/promises.md 67: receive, ack and nack of the Stream API, as the real server wants them. */
class StreamRequestsTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String COUNT = "select count(*) from products";

    private static void assertCarries(RawServer.Request request) {
        assertEquals("POST /api/sequin_streams/test/" + request.kind() + " HTTP/1.1", request.line());
        assertEquals("Bearer " + TestBundle.TOKEN, request.headers().get("authorization"));
        assertEquals("application/json", request.headers().get("accept"));
        assertTrue(request.headers().get("content-type").startsWith("application/json"), request::toString);
        assertTrue(request.headers().get("accept-encoding").contains("gzip"), request::toString);
    }

    @Test
    void aChangeIsReceivedWrittenAndAcked() throws Exception {
        try (StreamServer server = new StreamServer(LEASE);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            server.offer(7);
            bundle.set("sequin.workers", "1").set("sequin.wait-for", "500ms").start();
            await().atMost(SOON).until(() -> server.left().isEmpty());
            assertEquals("7|Ada", bundle.database().value("select id, name from products"));
            await().atMost(SOON).until(() -> server.raw().requests("receive").size() >= 4);

            List<RawServer.Request> receives = server.raw().requests("receive");
            receives.forEach(StreamRequestsTest::assertCarries);
            assertEquals("{\"batch_size\": 1000}", receives.get(0).body());
            assertEquals("{\"batch_size\": 1000}", receives.get(1).body());
            assertEquals(
                    "{\"batch_size\": 1000, \"wait_for\": 500}", receives.get(2).body());
            RawServer.Request ack = server.raw().requests("ack").get(0);
            assertCarries(ack);
            assertEquals("{\"ack_ids\":[\"" + new UUID(0, 7) + "\"]}", ack.body());
            assertEquals(1, server.raw().requests("ack").size());
            assertEquals(List.of(), server.raw().requests("nack"));
            assertEquals(2, server.raw().connections());
        }
    }

    @Test
    void whatCannotBeWrittenNowIsGivenBack() throws Exception {
        try (StreamServer server = new StreamServer(LEASE);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            bundle.database().execute("""
                    create function busy() returns trigger language plpgsql as $$
                    begin raise exception using errcode = '40001', message = 'it is busy'; end $$;
                    create trigger busy before insert on products for each row execute function busy()""");
            server.offer(7);
            bundle.set("sequin.workers", "1").start();
            await().atMost(SOON).until(() -> !server.raw().requests("nack").isEmpty());
            RawServer.Request nack = server.raw().requests("nack").get(0);
            assertCarries(nack);
            assertEquals("{\"ack_ids\":[\"" + new UUID(0, 7) + "\"]}", nack.body());
            assertEquals(List.of(), server.raw().requests("ack"));
            bundle.database().execute("drop trigger busy on products");
            await().atMost(SOON).until(() -> server.left().isEmpty());
            assertEquals("1", bundle.database().value(COUNT));
        }
    }

    /** With it the server refuses the whole list, as it was recorded. */
    @Test
    void ofAThousandTokensTheOneThatIsMalformedIsFound() throws Exception {
        try (StreamServer server = new StreamServer(LEASE);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            IntStream.rangeClosed(1, 499).forEach(server::offer);
            server.offer(500, "not-a-uuid");
            IntStream.rangeClosed(501, 1000).forEach(server::offer);
            bundle.start();
            await().atMost(SOON).until(() -> server.left().equals(List.of("not-a-uuid")));
            await().atMost(SOON).until(() -> server.raw().requests("ack").size() >= 21);
            assertEquals("1000", bundle.database().value(COUNT));
            assertEquals(21, server.raw().requests("ack").size());
            bundle.awaitHealthy();
        }
    }

    /** A 200 proves nothing: after a restart the server knows the tokens no more, and everything comes again. */
    @Test
    void whatComesAgainAfterItsAckIsWrittenAndAckedAgain() throws Exception {
        try (StreamServer server = new StreamServer(LEASE);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            server.ackNothing(ack -> true);
            IntStream.rangeClosed(1, 100).forEach(server::offer);
            bundle.start();
            await().atMost(SOON).until(() -> !server.raw().requests("ack").isEmpty());
            List<String> before = server.left();
            assertEquals(100, before.size());
            server.ackNothing(ack -> before.stream().anyMatch(ack.body()::contains));
            server.restart();
            await().atMost(SOON).until(() -> server.left().isEmpty());
            assertEquals("100", bundle.database().value(COUNT));
            assertEquals(List.of(), bundle.deadLetters());
            bundle.awaitHealthy();
        }
    }

    /** Whoever hangs up has messages leased to it all the same, which come to nobody for half a minute. */
    @Test
    void anAnswerThatTakesItsTimeIsWaitedFor() throws Exception {
        String message = Products.answers("02-insert.http", 200).get(0);
        CountDownLatch ready = new CountDownLatch(1);
        try (RawServer server = new RawServer(request -> {
                    if (request.kind().equals("receive")) {
                        awaitUninterruptibly(ready);
                        return message;
                    }
                    return RawServer.json(200, "{\"success\":true}");
                });
                TestBundle bundle = Products.bundle(server.url(), Duration.ofMillis(500))) {
            bundle.set("sequin.workers", "1").set("sequin.wait-for", "500ms").start();
            await().atMost(SOON).until(() -> server.requests("receive").size() == 1);
            await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> server.connections() == 1);
            ready.countDown();
            await().atMost(SOON).until(() -> !server.requests("ack").isEmpty());
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Else what the server has leased to it comes to nobody before the lease is over. */
    @Test
    void aStopWaitsForTheLongPollAndHoldsNothingThatItBrings() throws Exception {
        try (StreamServer server = new StreamServer(LEASE);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            bundle.set("sequin.workers", "1").set("sequin.wait-for", "4s").start();
            await().atMost(SOON).until(() -> server.raw().requests("receive").stream()
                    .anyMatch(request -> request.body().contains("wait_for")));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread stop = new Thread(() -> bundle.standalone().close());
            stop.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            stop.start();
            await().atMost(SOON).until(() -> bundle.standalone().context().isStopping());
            server.offer(7);
            stop.join(TimeUnit.SECONDS.toMillis(30));
            assertEquals(null, failure.get());
            // written and acked if its collection still has a route, else given back
            assertEquals(List.of(), server.leased());
            int settled = server.raw().requests("ack").size()
                    + server.raw().requests("nack").size();
            assertEquals(1, settled);
        }
    }

    /** Another worker has all of it in flight: there is no message, and yet the server does not wait for one. */
    @Test
    void emptyAnswersAtOnceAreFollowedByRestsThatAreShortAtFirst() throws Exception {
        try (StreamServer server = new StreamServer(LEASE);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            server.ackNothing(ack -> true); // what it has got stays in flight
            server.offer(1);
            bundle.set("sequin.workers", "1").start();
            await().atMost(SOON).until(() -> server.sizes().size() >= 12);
            int before = server.sizes().size();
            List<Long> millis = new ArrayList<>();
            for (int id = 2; id <= 6; id++) {
                // after a message the rests are short again
                int found = id;
                long began = System.nanoTime();
                server.offer(id);
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(SOON)
                        .until(() -> server.raw().requests("ack").stream()
                                .anyMatch(ack -> ack.body().contains(new UUID(0, found).toString())));
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
            // the others may be slow because the machine is
            assertTrue(Collections.min(millis) < 900, millis + " ms");
            assertTrue(server.sizes().size() - before < 60, server.sizes().size() - before + " requests");
        }
    }
}
