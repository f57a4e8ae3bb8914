package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.write.OutcomeCounters;
import java.time.Duration;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 56 and 57: collections without a route of their own, in any number. */
@Tag("postgres")
class UnknownCollectionsTest {
    private static final int COUNT = 3_000;

    private static void offerHalfUnknown(TestBundle bundle) {
        for (int i = 0; i < COUNT; i++) {
            bundle.offer(
                    TestRecord.of("stripe:customer", "c" + i, 1, "{}"), TestRecord.of("no:route", "u" + i, 1, "{}"));
        }
    }

    @Tag("long")
    @Tag(TestBulkhead.QUIET)
    @Test
    void theOthersKeepTheirSpeed() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            offerHalfUnknown(bundle);
            bundle.set("sequin.workers", "1").set("sequin.batch-size", "200").start();
            // at the rate of dead letters alone it would take half a minute
            long begin = System.nanoTime();
            bundle.awaitDrained();
            Duration duration = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(duration.toSeconds() < COUNT / 100 / 2, duration.toString());
            assertEquals(
                    COUNT + "|" + COUNT,
                    bundle.database()
                            .value(
                                    "select (select count(*) from stripe.customers), count(*) from sequin.dead_letters"));
            bundle.awaitUnhealthy("no:route");
        }
    }

    @Tag("long")
    @Test
    void aCollectionThatIsIgnoredIsAckedAndCounted() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            offerHalfUnknown(bundle);
            bundle.set("sequin.ignore", "no:route, some:other").start().awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            OutcomeCounters outcomes =
                    bundle.standalone().bundle().collections().outcomes();
            assertEquals(COUNT, outcomes.of(Outcome.IGNORED));
            assertEquals(COUNT, outcomes.of(Outcome.WRITTEN));
        }
    }

    /** A route wins over sequin.ignore, at start and when it comes later: what is written too much can be removed again. */
    @Test
    void aCollectionThatIsIgnoredAndHasARouteIsWritten() throws Exception {
        try (TestBundle bundle = new TestBundle();
                LogWatch log = new LogWatch("sequin.ignore names: the route wins")) {
            bundle.offer(TestRecord.of("stripe:customer", "c", 1, "{}"));
            bundle.offer(Things.things(2));
            bundle.set("sequin.ignore", "stripe:customer, test:thing").start().awaitDrained();
            OutcomeCounters outcomes =
                    bundle.standalone().bundle().collections().outcomes();
            assertEquals(1, outcomes.of(Outcome.WRITTEN));
            assertEquals(2, outcomes.of(Outcome.IGNORED));
            assertEquals(1, log.lines("for stripe:customer, which").size());

            Things.guardedByTheTemplate(bundle);
            await().until(() -> log.lines("for test:thing, which").size() == 1);
            bundle.offer(Things.things(3));
            await().until(() -> outcomes.of(Outcome.WRITTEN) == 4);
            assertEquals(2, outcomes.of(Outcome.IGNORED));
        }
    }

    /** A minute's dead letters are no reason to call it unhealthy once what was missing is there. */
    @Test
    void oneThatGetsItsRouteIsHealthyAgain() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(Things.things(50))
                    .start()
                    .awaitDrained()
                    .awaitUnhealthy("test:thing=has no route, and its messages became dead letters lately;");
            Things.guardedByTheTemplate(bundle);
            await().atMost(Duration.ofSeconds(20)).until(() -> bundle.health().getState() == HealthCheck.State.UP);
        }
    }

    @Test
    void aRouteForAllOthersTakesManyCollectionsInOneStatement() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("""
                    create table others (collection text, id text, primary key (collection, id));
                    create sequence transactions;
                    create function count_transactions() returns trigger language plpgsql as
                      'begin perform nextval(''transactions''); return null; end';
                    create trigger count_transactions after insert on others
                      for each statement execute function count_transactions()""");
            bundle.collection("*", "insert into others values (:#collection_id, :#id) on conflict do nothing");
            for (int i = 0; i < 1_000; i++) {
                bundle.offer(TestRecord.of("other:" + i + "\\n\\u001b[31m", "same", 1, "{}"));
            }
            bundle.set("sequin.workers", "1").start().awaitDrained().awaitHealthy();
            assertEquals("1000", bundle.database().value("select count(*) from others"));
            int statements = Integer.parseInt(bundle.database().value("select last_value from transactions"));
            assertTrue(statements < 50, statements + " statements");
        }
    }

    @Test
    void aRouteForAllOthersRecoversWhateverTheirNames() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(2))) {
            bundle.database().execute("create table others (collection text, id text)");
            bundle.collection("*", "insert into others values (:#collection_id, :#id)")
                    .start();
            bundle.database().execute("alter table others rename to gone");
            for (int i = 0; i < 100; i++) {
                bundle.offer(TestRecord.of("other:" + i, "same", 1, "{}"));
            }
            bundle.awaitUnhealthy("SQLSTATE 42P01");
            bundle.database().execute("alter table gone rename to others");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("100", bundle.database().value("select count(*) from others"));
        }
    }
}
