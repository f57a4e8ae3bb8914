package io.github.sequinroutes;

import static io.github.sequinroutes.FaultyThings.awaitCustomers;
import static io.github.sequinroutes.FaultyThings.bundle;
import static io.github.sequinroutes.FaultyThings.customers;
import static io.github.sequinroutes.FaultyThings.thing;
import static io.github.sequinroutes.FaultyThings.things;
import static io.github.sequinroutes.FaultyThings.trigger;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 49: what hits every record of a collection stops it, and is not the fault of the records. */
@Order(1) // takes long
@Tag("postgres")
class ClosedTableTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table things add must int not null default 1; alter table things alter must drop default"
                        + " | alter table things alter must set default 1                     | 23502",
                "create function fail() returns trigger language plpgsql as 'begin insert into nowhere values (1); end';"
                        + " create trigger fail before insert on things for each row execute function fail()"
                        + " | drop trigger fail on things                                     | 42P01",
                "alter table things add constraint none check (false) not valid"
                        + " | alter table things drop constraint none                         | 23514",
            })
    void whatHitsEveryRecordStopsTheCollectionAndMakesNoDeadLetter(String breakIt, String fixIt, String state)
            throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            bundle.offer(thing("first", "good")).start().awaitDrained();
            bundle.database().execute(breakIt);
            bundle.offer(things(50, "good")).offer(customers(0, 1));
            bundle.awaitUnhealthy("SQLSTATE " + state);
            assertFalse(bundle.health().getDetails().toString().contains("Failing row"), "a row is open to all");
            awaitCustomers(bundle, 1, Duration.ofSeconds(30));
            await().until(() -> bundle.consumer().left() == 50);
            assertEquals(List.of(), bundle.deadLetters());
            bundle.database().execute(fixIt);
            bundle.awaitDrained().awaitHealthy();
            assertEquals("51", bundle.database().value(Things.COUNT));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** And the rows that were taken before are locked, or slow, so that nothing tells whose fault it is. */
    @Test
    void theSameWhenNobodyAnswers() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            bundle.database().execute("create sequence calls");
            trigger(
                    bundle,
                    "if new.x = 'bad' or nextval('calls') > 140 then"
                            + " if new.id < 'good-0050' then perform pg_sleep(30); end if;"
                            + " raise sqlstate '23514'; end if;");
            String[] records = things(100, "good");
            records[75] = thing("good-0075", "bad");
            bundle.offer(records).start();
            await().until(() -> bundle.consumer().delivered() >= 150);
            assertEquals(List.of(), bundle.deadLetters());
            bundle.database().execute("alter sequence calls minvalue -1000000 restart -1000000");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("99", bundle.database().value(Things.COUNT));
            assertEquals(List.of("rejected|23514|good-0075"), bundle.deadLetters());
        }
    }

    /** The half before the poison is committed, and then nothing is taken any more. */
    @Test
    void theSameFromTheMiddleOfABatchOn() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            bundle.database().execute("create sequence calls");
            trigger(bundle, "if nextval('calls') > 140 or new.x = 'bad' then raise sqlstate '23514'; end if;");
            String[] records = things(100, "good");
            records[75] = thing("good-0075", "bad");
            bundle.offer(records).start().awaitUnhealthy("SQLSTATE 23514");
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("50", bundle.database().value(Things.COUNT));
            bundle.database().execute("alter sequence calls minvalue -1000000 restart -1000000");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("99", bundle.database().value(Things.COUNT));
            assertEquals(List.of("rejected|23514|good-0075"), bundle.deadLetters());
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create table places (id text primary key, v bigint, x text, must int not null)"
                        + " | insert into places (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                        + " | alter table places alter must set default 1                     | 23502",
                "create table places (id text, v bigint, x text) partition by list (x)"
                        + " | insert into places (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                        + " | create table p partition of places default                      | 23514",
                "create table places (id text primary key, v bigint, x text)"
                        + " | insert into places (id, v, x) values (:#id, :#updated_idx, "
                        + "to_char(to_date('x', 'YYYY'), 'YYYY'))"
                        + " |                                                                 | 22007",
                "create table places (id text primary key, v bigint, x int)"
                        + " | insert into places (id, v, x) values (:#id, :#updated_idx, 'one')"
                        + " |                                                                 | 22P02",
                "create table places (id text primary key, v bigint, x int)"
                        + " | insert into places (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                        + " | alter table places alter x type text                            | 22P02",
            })
    void theSameFromTheStart(String table, String template, String fixIt, String state) throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(2))) {
            bundle.database().execute(table);
            bundle.collection("test:place", template);
            for (int i = 0; i < 50; i++) {
                bundle.offer(TestRecord.of("test:place", "p" + i, 1, "{\"x\": \"good\"}"));
            }
            bundle.offer(customers(0, 1)).start().awaitUnhealthy("SQLSTATE " + state);
            awaitCustomers(bundle, 1, Duration.ofSeconds(30));
            await().until(() -> bundle.consumer().left() == 50);
            assertEquals(List.of(), bundle.deadLetters());
            if (fixIt != null) {
                bundle.database().execute(fixIt);
                bundle.awaitDrained().awaitHealthy();
                assertEquals("50", bundle.database().value("select count(*) from places"));
            }
        }
    }

    private static final String FAILS = "create function fail() returns trigger language plpgsql as"
            + " 'begin insert into nowhere values (1); return null; end'; ";

    /**
     * What it has taken before would be an update now, and tells nothing about what is new: so the first few that come
     * alone are dead letters, until it is clear that it is not for them.
     */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create trigger fail after insert on things for each row execute function fail()",
                "create constraint trigger fail after insert or update on things deferrable initially deferred"
                        + " for each row execute function fail()",
                "alter table things add constraint few check (id = 'first')"
            })
    void whatHitsEveryNewRecordMakesFewDeadLetters(String breakIt) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            bundle.offer(thing("first", "good")).start().awaitDrained();
            bundle.database().execute(FAILS + breakIt);
            bundle.offer(things(50, "good")).awaitUnhealthy("SQLSTATE");
            int few = bundle.deadLetters().size();
            assertTrue(few < 32, few + " dead letters");
            bundle.database().execute("drop function fail cascade; alter table things drop constraint if exists few");
            bundle.awaitDrained().awaitHealthy();
            assertEquals(Integer.toString(51 - few), bundle.database().value(Things.COUNT));
            assertEquals(few, bundle.deadLetters().size());
        }
    }

    /** As if the table were fixed just then: what has rejected the record says nothing any more. */
    @Tag("long")
    @Test
    void aRecordThatIsRejectedOnceOnly() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            bundle.database().execute("create sequence calls");
            trigger(bundle, "if nextval('calls') = 1 then raise sqlstate '23502'; end if;");
            bundle.offer(thing("a", "good")).start().awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("1", bundle.database().value(Things.COUNT));
        }
    }

    /** The table is closed to all, and opens while it is found out whose fault that is: at each of some moments. */
    @Tag("long")
    @Test
    void aTableThatOpensWhileItIsAsked() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            bundle.database()
                    .execute("create sequence calls; create table closed (calls int); insert into closed values (0)");
            trigger(
                    bundle,
                    "insert or update",
                    "if nextval('calls') <= (select calls from closed) or new.x = 'bad' then raise sqlstate '23514'; end if;");
            bundle.offer(thing("first", "good")).start().awaitDrained();
            for (long calls = 5; calls <= 11; calls++) {
                bundle.database().execute("alter sequence calls restart; update closed set calls = " + calls);
                CountDownLatch refused = new CountDownLatch(2); // so that all of it comes at once
                Fault unavailable = Fault.status(503, "{}");
                bundle.server().faults().always((exchange, request) -> {
                    refused.countDown();
                    unavailable.respond(exchange, request);
                });
                assertTrue(refused.await(30, TimeUnit.SECONDS));
                bundle.offer(
                        thing("a" + calls, "good"),
                        thing("b" + calls, "good"),
                        thing("c" + calls, "good"),
                        TestRecord.of("test:thing", "z", 2 * calls, "{\"x\": \"bad\"}"),
                        TestRecord.of("test:thing", "z", 2 * calls + 1, "{\"x\": \"bad\"}"));
                bundle.server().faults().clear();
                bundle.awaitDrained();
                assertEquals(
                        List.of(),
                        bundle.database().rows("select * from sequin.dead_letters where record_id <> 'z'"),
                        "" + calls);
            }
        }
    }
}
