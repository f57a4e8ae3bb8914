package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TcpProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 1 and 12: when nobody knows whether a write was committed, it comes again and does no harm. */
@Order(1) // takes long
class DatabaseNetworkTest {
    private static final int RECORDS = 4_000;

    private static TestBundle bundle(boolean ledger) throws Exception {
        TestBundle bundle = Things.guarded(new TestBundle(Duration.ofSeconds(4)), ledger);
        return bundle.set("sequin.batch-size", "50");
    }

    private static void assertAllWritten(TestBundle bundle, AckWatch acks) throws Exception {
        bundle.awaitDrained().awaitHealthy();
        assertEquals(RECORDS + "|1|1", bundle.database().value("select count(*), min(v), max(value) from things"));
        assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        acks.assertNoneTooEarly();
    }

    private static void awaitLeft(TestBundle bundle, int limit) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> bundle.consumer().left() <= limit);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"TO_SERVER, false", "TO_CLIENT, false", "TO_SERVER, true", "TO_CLIENT, true"})
    void aConnectionIsCutAnywhereInAWriteOrItsCommit(Direction direction, boolean ledger) throws Exception {
        long seed = Long.getLong("network.seed", System.nanoTime());
        Random random = new Random(seed);
        try (TestBundle bundle = bundle(ledger)) {
            TcpProxy network = bundle.network();
            AckWatch acks = new AckWatch(bundle);
            bundle.offer(Things.things(RECORDS)).start();
            for (int left = RECORDS - 100; left > 500; left -= 500) {
                awaitLeft(bundle, left);
                // a write sends some 3 kB, and is answered with some 100 bytes
                network.cutAfter(random.nextInt(direction == Direction.TO_SERVER ? 6_000 : 400), direction);
            }
            assertAllWritten(bundle, acks);
        } catch (Throwable e) {
            throw new AssertionError("-Dnetwork.seed=" + seed, e);
        }
    }

    /** Nothing else of its collection has been written that could speak for the table. */
    @Test
    void aConnectionLostDuringTheCommitOfALoneRecordPausesNothing() throws Exception {
        try (TestBundle bundle = Things.guarded(new TestBundle(Duration.ofSeconds(4)), false);
                LogWatch log = new LogWatch("things-of-" + bundle.database().name())) {
            bundle.collection("things-of-" + bundle.database().name(), "insert into things (id, v) values (:#id, 1)");
            bundle.database().execute("""
                    create sequence cuts;
                    create function cut() returns trigger language plpgsql as $$ begin
                      if nextval('cuts') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
                      return null;
                    end $$;
                    create constraint trigger cut after insert on things deferrable initially deferred
                    for each row execute function cut()""");
            bundle.offer(TestRecord.of("things-of-" + bundle.database().name(), "a", 1, "{}"))
                    .start()
                    .awaitDrained()
                    .awaitHealthy();
            assertEquals("1|3", bundle.database().value("select count(*), nextval('cuts') from things"));
            assertEquals(List.of(), log.lines("paused"));
            assertEquals(
                    1,
                    log.lines("WARN Outage of PostgreSQL, over at once: a connection was lost while a message of")
                            .size(),
                    () -> "" + log.lines(""));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"TO_SERVER, true", "TO_CLIENT, false"})
    void theNetworkIsSilentAndThenGone(Direction direction, boolean ledger) throws Exception {
        try (TestBundle bundle = bundle(ledger)) {
            TcpProxy network = bundle.network();
            AckWatch acks = new AckWatch(bundle);
            bundle.offer(Things.things(RECORDS)).start();
            awaitLeft(bundle, RECORDS - 500);
            network.stall(direction);
            // it finds out by itself, sooner than the lease of the next delivery is over
            bundle.awaitUnhealthy("SQLSTATE 08");
            assertTrue(bundle.consumer().left() > 0);
            network.refuse();
            network.cut();
            network.resume(direction);
            bundle.awaitUnhealthy("refused");
            network.accept();
            assertAllWritten(bundle, acks);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void anAckIsLostAfterTheCommit(boolean ledger) throws Exception {
        try (TestBundle bundle = bundle(ledger)) {
            AckWatch acks = new AckWatch(bundle);
            bundle.server().faults().next(2, Fault.close(), RequestKind.ACK);
            bundle.server().faults().next(2, Fault.close().afterTheEffect(), RequestKind.ACK);
            bundle.server().faults().next(2, Fault.status(500, "{}"), RequestKind.ACK);
            bundle.offer(Things.things(RECORDS)).start();
            assertAllWritten(bundle, acks);
            // what was not acked came again when its lease was over
            assertTrue(
                    bundle.consumer().delivered() >= RECORDS + 2 * 50,
                    "" + bundle.consumer().delivered());
        }
    }

    @Tag("long")
    @Test
    void aStaleRedeliveryAfterALostAckChangesNothing() throws Exception {
        try (TestBundle bundle = bundle(false)) {
            bundle.server().faults().next(1, Fault.close(), RequestKind.ACK);
            bundle.offer(Things.thing("a", 1)).start();
            await().until(() -> bundle.database().value(Things.COUNT).equals("1"));
            bundle.offer(Things.thing("a", 2));
            bundle.awaitDrained();
            assertEquals("2", bundle.database().value("select v from things"));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }
}
