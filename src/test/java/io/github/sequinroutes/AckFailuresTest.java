package io.github.sequinroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/promises.md 3, 5 and 9: what is delivered again, or late, has no second effect. */
class AckFailuresTest {
    private static final String ROWS = "select id, updated_idx, quantity from stripe.subscriptions order by id";

    private static String record(String id, long version) {
        return TestRecord.of("stripe:subscription", id, version, "{\"quantity\": " + version + "}");
    }

    private static void assertOnlyRowsOf(TestBundle bundle, String... rows) throws Exception {
        assertEquals(List.of(rows), bundle.database().rows(ROWS));
        assertEquals(List.of(), bundle.deadLetters());
    }

    static Stream<Arguments> faults() {
        Fault error = Fault.status(500, "{\"summary\": \"oops\"}");
        return Stream.of(
                arguments("500 before the effect", error, true),
                arguments("500 after the effect", error.afterTheEffect(), false),
                arguments("cut before the effect", Fault.close(), true),
                arguments("cut after the effect", Fault.close().afterTheEffect(), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void anAckThatFailsLeadsToNoSecondEffect(String name, Fault fault, boolean again) throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(1))) {
            bundle.server().faults().next(2, fault, RequestKind.ACK);
            bundle.offer(record("a", 1), record("b", 1), record("a", 2)).start().awaitDrained();
            assertOnlyRowsOf(bundle, "a|2|2", "b|1|1");
            assertEquals(again, bundle.consumer().delivered() > 3, name);
        }
    }

    @Test
    void anAckThatComesLateIsHarmless() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(1))) {
            bundle.server().faults().next(1, Fault.delay(Duration.ofSeconds(2)), RequestKind.ACK);
            bundle.offer(record("a", 1)).start();
            await().until(() -> bundle.consumer().delivered() == 1);
            bundle.offer(record("a", 2)).awaitDrained();
            assertOnlyRowsOf(bundle, "a|2|2");
            await().until(() -> bundle.server().requests().count(RequestKind.ACK) >= 2);
            assertEquals(0, bundle.consumer().left());
        }
    }

    @Test
    void aServerThatIsRestartedBeforeTheAckDeliversAgain() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            Fault restart = (exchange, request) -> {
                bundle.server().restart();
                Fault.NONE.respond(exchange, request);
            };
            bundle.server().faults().next(1, restart, RequestKind.ACK);
            bundle.offer(record("a", 1), record("b", 1)).start().awaitDrained();
            assertEquals(4, bundle.consumer().delivered());
            assertOnlyRowsOf(bundle, "a|1|1", "b|1|1");
        }
    }

    @Test
    void aTokenThatTheServerRefusesIsFoundByHalvingAndTheOthersAreAcked() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(5))) {
            // that of the 300th message at its first delivery
            String refused = "\"" + Long.toString(300, 36) + ".1\"";
            Fault fault = (exchange, request) -> {
                boolean bad = new String(exchange.getRequestBody().readAllBytes(), UTF_8).contains(refused);
                (bad ? Fault.status(400, "{\"summary\": \"bad token\"}") : Fault.NONE).respond(exchange, request);
            };
            bundle.server().faults().always(fault, RequestKind.ACK);
            bundle.set("sequin.workers", "1")
                    .offer(IntStream.rangeClosed(1, 1000)
                            .mapToObj(i -> record("id-" + i, 1))
                            .toArray(String[]::new))
                    .start();
            await().atMost(Duration.ofSeconds(20)).until(() -> bundle.consumer().left() == 1);
            bundle.awaitDrained();
            assertEquals(1001, bundle.consumer().delivered());
            // two halves at each of ten levels, and the whole at the top; then the one that came again
            int calls = bundle.server().requests().count(RequestKind.ACK);
            assertTrue(calls <= 2 * 10 + 1 + 1, calls + " calls");
            assertEquals("1000", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Test
    void aWriteThatReachesTheDatabaseAfterItsLeaseOverwritesNothingNewer() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(1));
                TcpProxy proxy = proxy(bundle)) {
            bundle.set("postgres.url", bundle.database().url().replaceFirst("localhost:\\d+", proxy.authority()))
                    .set("sequin.workers", "1")
                    .start()
                    .offer(record("b", 1))
                    .awaitDrained();
            proxy.stall(TcpProxy.Direction.TO_SERVER);
            bundle.offer(record("a", 1));
            await().until(() -> bundle.consumer().delivered() == 2);
            // the lease is over, and another worker has got and written the next version
            await().until(() -> bundle.consumer().pending() == 1);
            bundle.database()
                    .execute("insert into stripe.subscriptions (id, updated_idx, quantity) values ('a', 2, 2)");
            proxy.resume(TcpProxy.Direction.TO_SERVER);
            bundle.awaitDrained();
            assertOnlyRowsOf(bundle, "a|2|2", "b|1|1");
        }
    }

    /** The server delivers as if all were well, and all is written again and again; then it delivers nothing any more. */
    @Tag("long")
    @Test
    void whatMovesNoMessageIsToldAndNothingIsCaughtUpMeanwhile() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(1));
                LogWatch log = new LogWatch("Bundle unacked: ")) {
            bundle.set("sequin.bundles", "unacked")
                    .set("sequin.unacked.consumer", "test")
                    .set("sequin.unacked.url", bundle.server().url());
            bundle.properties().remove("sequin.consumer");
            bundle.server().faults().always(Fault.status(599, "{}"), RequestKind.ACK);
            bundle.offer(record("a", 1)).start();
            bundle.awaitUnhealthy("ack=acks fail, for ");
            assertOnlyRowsOf(bundle, "a|1|1");
            assertEquals(List.of(), log.lines("Caught up"));
            assertEquals(List.of(), log.lines("Outage of Sequin"));
            String fails = "Bundle unacked: Acks fail (the server at sequin.unacked.url)";
            assertEquals(1, log.lines("WARN " + fails + ": Sequin answered 599").size());
            assertEquals(List.of(), log.lines("Backlog: "));

            bundle.server().faults().clear();
            bundle.awaitDrained().awaitHealthy();
            await().until(() -> log.lines("INFO " + fails + ": over after ").size() == 1);
            await().until(() -> log.lines("INFO Bundle unacked: Caught up: ").size() == 1);

            String none = "{\"data\": [], \"info\": {\"num_pending\": 7, \"num_ack_pending\": 0}}";
            bundle.server().faults().always(Fault.status(200, none), RequestKind.NEXT);
            bundle.awaitUnhealthy("sequin=the server has 7 messages pending (num_pending) and has delivered none");
            assertEquals(
                    1,
                    log.lines("WARN Bundle unacked: Stalled: the server has 7").size());
            assertEquals(1, log.lines("Caught up").size());
            bundle.server().faults().clear();
            bundle.awaitHealthy();

            // a server that is away takes no acks: that is one thing, and told once
            bundle.server().faults().always(Fault.close(), RequestKind.ACK);
            bundle.offer(record("a", 2));
            await().until(() -> log.lines("WARN Bundle unacked: Outage of Sequin (sequin.unacked.url): ")
                            .size()
                    == 1);
            assertEquals(1, log.lines("WARN Bundle unacked: Acks fail").size());
            bundle.server().faults().clear();
            bundle.awaitDrained().awaitHealthy();
        }
    }

    private static TcpProxy proxy(TestBundle bundle) throws Exception {
        URI database = URI.create(bundle.database().url().substring("jdbc:".length()));
        return new TcpProxy(database.getHost(), database.getPort());
    }
}
