package io.github.sequinroutes;

import static io.github.sequinroutes.FaultyThings.awaitCustomers;
import static io.github.sequinroutes.FaultyThings.bundle;
import static io.github.sequinroutes.FaultyThings.customer;
import static io.github.sequinroutes.FaultyThings.customers;
import static io.github.sequinroutes.FaultyThings.thing;
import static io.github.sequinroutes.FaultyThings.things;
import static io.github.sequinroutes.FaultyThings.trigger;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 45 to 47: a record that takes its time, or a table that is slow or locked, holds up no other. */
@Order(1) // takes long
@Tag("postgres")
class SlowRecordsTest {
    @Tag("long")
    @Test
    @Tag(TestBulkhead.QUIET)
    void aRecordThatSleepsHoldsUpNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            bundle.offer(things(250, "good"))
                    .offer(thing("good-0100-poison", "slow"))
                    .offer(customers(0, 5))
                    .start();
            // the first attempt takes half a lease, and what it costs the others ends with the lease
            awaitCustomers(bundle, 5, Duration.ofSeconds(15));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bundle.database().value(Things.COUNT).equals("250"));
            bundle.offer(things(260, "good"));
            bundle.awaitDrained();
            assertEquals(List.of("rejected|57014|good-0100-poison"), bundle.deadLetters());
            assertTrue(MetricsTest.counts(bundle, "sequin.write.timeouts", "collection")
                            .get("test:thing")
                    > 0);
        }
    }

    @Tag("long")
    @Test
    @Tag(TestBulkhead.QUIET)
    void manyRecordsThatSleepHoldUpNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            String[] records = things(500, "good");
            for (int i = 0; i < 500; i += 50) {
                records[i] = thing("good-%04d".formatted(i), "slow");
            }
            bundle.offer(records).offer(customers(0, 1)).start();
            int[] offered = {1};
            // the first attempt takes half a lease; the others need the worker all the while
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                bundle.offer(customers(offered[0]++, offered[0]));
                return bundle.database().value(Things.COUNT).equals("490");
            });
            awaitCustomers(bundle, offered[0], Duration.ofSeconds(15));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Tag("long")
    @Test
    void aRecordThatSleepsIsLeftUnackedIfThatIsWanted() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text").set("sequin.timed-out", "hold")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            bundle.offer(thing("poison", "slow")).offer(things(20, "good")).start();
            await().until(() -> bundle.consumer().left() == 1);
            long delivered = bundle.consumer().delivered();
            // every two seconds; it has been tried often enough to be a dead letter by then
            await().until(() -> bundle.consumer().delivered() >= delivered + 20);
            assertEquals(List.of(), bundle.deadLetters());
            bundle.database().execute("drop trigger act on things");
            bundle.awaitDrained();
            assertEquals("21", bundle.database().value(Things.COUNT));
        }
    }

    /** Each time, as if it crashed its server process: the batch is tried as it is some times, and then the record is searched for. */
    @Tag("long")
    @Test
    void aRecordThatEndsItsConnectionHoldsUpNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            trigger(bundle, "if new.x = 'end' then perform pg_terminate_backend(pg_backend_pid()); end if;");
            bundle.offer(things(50, "good"))
                    .offer(thing("good-0020-poison", "end"))
                    .offer(customers(0, 5))
                    .start();
            awaitCustomers(bundle, 5, Duration.ofSeconds(15));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bundle.database().value(Things.COUNT).equals("50"));
            assertEquals(1, bundle.consumer().left());
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Tag("long")
    @Test
    void aTableTooSlowForAWholeBatchTakesSmallerOnes() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            trigger(bundle, "perform pg_sleep(0.02);");
            bundle.offer(things(300, "good")).start();
            await().atMost(Duration.ofSeconds(60)).until(() -> bundle.consumer().left() == 0);
            assertEquals("300", bundle.database().value(Things.COUNT));
            assertEquals(List.of(), bundle.deadLetters());
            assertTrue(bundle.consumer().delivered() < 3_000, bundle.consumer().delivered() + " deliveries");
            bundle.database().execute("drop trigger act on things");
            bundle.offer(IntStream.range(0, 2_000)
                            .mapToObj(i -> thing("quick-" + i, "good"))
                            .toArray(String[]::new))
                    .awaitDrained();
        }
    }

    @Tag("long")
    @Test
    @Tag(TestBulkhead.QUIET)
    void aTableThatIsLockedHoldsUpNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(6), "x text");
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table things");
            bundle.offer(things(50, "good")).offer(customers(0, 1)).start();
            awaitCustomers(bundle, 1, Duration.ofSeconds(20));
            bundle.awaitUnhealthy("SQLSTATE 55P03");
            for (int i = 1; i <= 20; i++) {
                bundle.offer(customers(i, i + 1));
                awaitCustomers(bundle, i + 1, Duration.ofSeconds(5));
            }
            await().until(() -> bundle.consumer().left() == 50);
            connection.rollback();
            bundle.awaitDrained().awaitHealthy();
            assertEquals("50", bundle.database().value(Things.COUNT));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** One that takes its time, and bad ones before it in the order of keys: those after it must be written. */
    @Tag("long")
    @Test
    void aSleeperAfterBadRecords() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text check (x <> 'bad')")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            for (int i = 0; i < 200; i++) {
                bundle.offer(thing("t%03d".formatted(i), i == 100 ? "slow" : i % 4 == 0 ? "bad" : "good"));
            }
            bundle.start();
            int[] offered = {0};
            await().atMost(Duration.ofSeconds(25)).until(() -> {
                bundle.offer(thing("t000-" + offered[0], "bad"), thing("t101-" + offered[0]++, "good"));
                return bundle.database()
                        .value("select count(*) from things where length(id) = 4")
                        .equals("150");
            });
        }
    }

    /** The row that would be written again, to see whether the table takes it, is locked. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource({"3, 1", "30, 9"})
    void aLockedRowAndSomePoison(int lease, int poison) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(lease), "x text check (x <> 'bad')");
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            bundle.offer(thing("first", "good")).start().awaitDrained();
            connection.setAutoCommit(false);
            statement.execute("select 1 from things where id = 'first' for update");
            for (int i = 0; i < poison; i++) {
                bundle.offer(thing("poison" + i, "bad"));
            }
            bundle.offer(customer(0));
            await().atMost(Duration.ofSeconds(lease < 10 ? 10 : lease))
                    .until(() -> bundle.consumer().left() == 0);
            assertEquals(poison, bundle.deadLetters().size());
            assertEquals("1", bundle.database().value("select count(*) from stripe.customers"));
        }
    }
}
