package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.Fault;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 44, 45, 47, 50 and 63: what a failure tells of a record, and what it does not. */
@Tag("postgres")
class EvidenceTest {
    private static final String LETTERS = "select record_id, sqlstate from sequin.dead_letters order by record_id";
    private static final String TEMPLATE = "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
            + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v";

    private static TestBundle bundle(Duration lease, String columns) throws Exception {
        TestBundle bundle = new TestBundle(lease);
        bundle.database().execute("create table things (id text primary key, v bigint, " + columns + ")");
        return bundle.collection("test:thing", TEMPLATE).set("sequin.workers", "1");
    }

    private static String thing(String id, String x) {
        return TestRecord.of("test:thing", id, 1, "{\"x\": \"" + x + "\"}");
    }

    private static String customer() {
        return TestRecord.of("stripe:customer", "c", 1, "{}");
    }

    @Test
    void threeLevelsOfParentsInOneBatch() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x text references stripe.customers (id)")) {
            bundle.database().execute("create table leaves (id text primary key, x text references things (id))");
            bundle.collection("test:leaf", "insert into leaves (id, x) values (:#id, :#data.x)");
            bundle.offer(TestRecord.of("test:leaf", "l", 1, "{\"x\": \"t\"}"), thing("t", "c"), customer())
                    .start()
                    .awaitDrained();
            assertEquals(List.of(), bundle.database().rows(LETTERS));
            assertEquals("t", bundle.database().value("select x from leaves"));
        }
    }

    /** What was taken before is an update now: that it is not taken again tells nothing of others. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsThatCannotBeUpdated(boolean alone) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text check (x <> 'bad')")) {
            bundle.database().execute("""
                    create function closed() returns trigger language plpgsql as $$ begin
                      raise exception 'the row is closed'; end $$;
                    create trigger closed before update on things for each row execute function closed()""");
            bundle.offer(thing("first", "good")).start().awaitDrained();
            for (int i = 0; !alone && i < 20; i++) {
                bundle.offer(thing("b" + i, "good"));
            }
            bundle.offer(thing("poison", "bad")).awaitDrained().awaitHealthy();
            assertEquals(List.of("poison|23514"), bundle.database().rows(LETTERS));
            assertEquals(alone ? "1" : "21", bundle.database().value(Things.COUNT));
        }
    }

    /** The driver makes one statement of a batch, in which no two may mean the same row; nobody is at fault for that. */
    @Test
    void recordsThatMeanTheSameRow() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1")) {
            bundle.database().execute("""
                    create table emails (x text primary key, v bigint);
                    create sequence calls;
                    create function counted() returns trigger language plpgsql as $$ begin
                      perform nextval('calls'); return new; end $$;
                    create trigger count before insert on emails for each row execute function counted()""");
            bundle.collection("test:thing", """
                    insert into emails as t (x, v) values (:#data.x, :#updated_idx)
                    on conflict (x) do update set v = excluded.v where t.v <= excluded.v""");
            for (int i = 0; i < 300; i++) {
                bundle.offer(TestRecord.of("test:thing", "t%03d".formatted(i), i, "{\"x\": \"" + i % 10 + "\"}"));
            }
            bundle.start().awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("295", bundle.database().value("select v from emails where x = '5'"));
            // each of them once, and those before the first that met another
            assertEquals("311", bundle.database().value("select last_value from calls"));
        }
    }

    /** A collection that is paused is tried with any of its records, not always with those that came first. */
    @Test
    void goodRecordsAfterMoreBadOnesThanABatchHas() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x int")) {
            bundle.set("sequin.batch-size", "100").set("sequin.dead-letters-per-second", "1000");
            for (int i = 0; i < 600; i++) {
                bundle.offer(thing("t%03d".formatted(i), i < 400 ? "bad" : "1"));
            }
            bundle.start().awaitDrained();
            assertEquals("200", bundle.database().value(Things.COUNT));
            assertEquals(400, bundle.database().rows(LETTERS).size());
        }
    }

    /** And nothing else tells whether the table takes any. */
    @Test
    void oneGoodRecordAmongHundredsThatAreBad() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x int")) {
            for (int i = 0; i < 900; i++) {
                bundle.offer(thing("t%03d".formatted(i), i == 700 ? "1" : "bad"));
            }
            bundle.set("sequin.dead-letters-per-second", "1000").start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bundle.database().value(Things.COUNT).equals("1"));
            bundle.awaitDrained();
            assertEquals(
                    "899",
                    bundle.database().value("select count(*) from sequin.dead_letters where sqlstate = '22P02'"));
        }
    }

    @Test
    void aCallAsTemplate() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("""
                    create table things (id text primary key, v bigint, x int check (x > 0));
                    create procedure put(i text, ver bigint, val int) language sql as $$
                      insert into things as t (id, v, x) values (i, ver, val)
                      on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v $$""");
            bundle.collection("test:thing", "call put(:#id, :#updated_idx, :#data.x)")
                    .offer(thing("a", "1"), thing("poison", "-1"), thing("z", "2"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("poison|23514"), bundle.database().rows(LETTERS));
            assertEquals("2", bundle.database().value(Things.COUNT));
        }
    }

    /** Neither is written until their parent is, and the older of the two not after the newer. */
    @Test
    void theHighestOfTwoThatWaitForTheirParent() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1")) {
            bundle.database()
                    .execute("create table things (id text primary key, x text references things, note text,"
                            + " check (note <> 'bad'))");
            bundle.collection(
                    "test:thing",
                    "insert into things (id, x, note) values (:#id, :#data.x, :#data.note)"
                            + " on conflict (id) do update set x = excluded.x, note = excluded.note");
            bundle.offer(
                            TestRecord.of("test:thing", "child", 2, "{\"x\": \"parent\", \"note\": \"new\"}"),
                            TestRecord.of("test:thing", "child", 1, "{\"x\": \"parent\", \"note\": \"old\"}"),
                            TestRecord.of("test:thing", "parent", 1, "{}"),
                            TestRecord.of("test:thing", "poison", 1, "{\"note\": \"bad\"}"))
                    .start()
                    .awaitDrained();
            assertEquals("new", bundle.database().value("select note from things where id = 'child'"));
            assertEquals(List.of("poison|23514"), bundle.database().rows(LETTERS));
        }
    }

    /** The row that would be written again, to see whether the table takes it, is locked. */
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
            bundle.offer(customer());
            await().atMost(Duration.ofSeconds(lease < 10 ? 10 : lease))
                    .until(() -> bundle.consumer().left() == 0);
            assertEquals(poison, bundle.database().rows(LETTERS).size());
            assertEquals("1", bundle.database().value("select count(*) from stripe.customers"));
        }
    }

    private static void trigger(TestBundle bundle, String event, String body) throws Exception {
        bundle.database().execute("""
                create function act() returns trigger language plpgsql as $$ begin %s return new; end $$;
                create trigger act before %s on things for each row execute function act()""".formatted(body, event));
    }

    /** As if the table were fixed just then: what has rejected the record says nothing any more. */
    @Test
    void aRecordThatIsRejectedOnceOnly() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            bundle.database().execute("create sequence calls");
            trigger(bundle, "insert", "if nextval('calls') = 1 then raise sqlstate '23502'; end if;");
            bundle.offer(thing("a", "good")).start().awaitDrained();
            assertEquals(List.of(), bundle.database().rows(LETTERS));
            assertEquals("1", bundle.database().value(Things.COUNT));
        }
    }

    /** The table is closed to all, and opens while it is found out whose fault that is: at each of some moments. */
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
                        bundle.database().rows(LETTERS.replace("order", "where record_id <> 'z' order")),
                        "" + calls);
            }
        }
    }

    /** A newer version that is rejected, and its older one too, until another row is written. */
    @Test
    void anOlderVersionDoesNotFollowANewerOne() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1")) {
            bundle.database()
                    .execute("create table things (id text primary key, v bigint,"
                            + " x text not null references things check (x <> 'bad'))");
            bundle.collection(
                    "test:thing",
                    "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                            + " on conflict (id) do update set v = excluded.v, x = excluded.x");
            bundle.offer(
                            TestRecord.of("test:thing", "a", 2, "{\"x\": \"a\"}"),
                            TestRecord.of("test:thing", "a", 3, "{\"x\": \"b\"}"),
                            TestRecord.of("test:thing", "b", 1, "{\"x\": \"b\"}"),
                            TestRecord.of("test:thing", "b", 2, "{\"x\": \"bad\"}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    "3|b",
                    bundle.database()
                            .rows("select v, x from things where id = 'a'")
                            .get(0));
        }
    }

    /** The table says the same of a bad record as of one that is there already. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "if tg_op = 'UPDATE' or new.x = 'bad' then raise exception 'not allowed'; end if; | true  | P0001",
                "if tg_op = 'UPDATE' or new.x = 'bad' then raise exception 'not allowed'; end if; | false | P0001",
                "if new.x = 'bad' or exists (select from things where id = new.id)"
                        + " then raise sqlstate '23505'; end if; | true | 23505",
            })
    void aBadRecordThatFailsAsAnyUpdateDoes(String act, boolean alone, String state) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            trigger(bundle, "insert or update", act);
            bundle.offer(thing("first", "good")).start().awaitDrained();
            bundle.offer(thing("poison", "bad"));
            for (int i = 0; !alone && i < 20; i++) {
                bundle.offer(thing("g" + i, "good"));
            }
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("poison|" + state), bundle.database().rows(LETTERS));
        }
    }

    /** What a trigger or a template looks up may come later in the batch, for another collection. */
    @ParameterizedTest
    @CsvSource({"P0002, :#data.x", "ZZ001, :#data.x", "23502, (select id from parents where id = :#data.x)"})
    void aParentThatIsLookedUp(String state, String value) throws Exception {
        // longer than a test waits: the child comes again when its collection is tried again, not when its lease is
        // over
        try (TestBundle bundle = new TestBundle(Duration.ofMinutes(10)).set("sequin.workers", "1")) {
            bundle.database().execute("""
                    create table parents (id text primary key);
                    create table things (id text primary key, x text not null)""");
            trigger(bundle, "insert", """
                    if not exists (select from parents where id = new.x) and new.x is not null then
                      raise exception 'no parent' using errcode = '%s'; end if;""".formatted(state));
            bundle.collection("test:thing", "insert into things (id, x) values (:#id, %s)".formatted(value));
            bundle.collection("test:zparent", "insert into parents (id) values (:#id)");
            bundle.offer(thing("child", "p"), TestRecord.of("test:zparent", "p", 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of(), bundle.database().rows(LETTERS));
            assertEquals("1", bundle.database().value(Things.COUNT));
        }
    }

    /** What is only refused when the transaction is committed. */
    @Test
    void manyRecordsThatAreRefusedAtTheCommit() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            bundle.database().execute("""
                    create function late() returns trigger language plpgsql as $$ begin
                      if new.x = 'bad' then raise sqlstate '23514'; end if; return null; end $$;
                    create constraint trigger late after insert on things deferrable initially deferred
                      for each row execute function late()""");
            bundle.set("sequin.dead-letters-per-second", "1000");
            for (int i = 0; i < 400; i++) {
                bundle.offer(thing("t%03d".formatted(i), i % 2 == 0 ? "bad" : "good"));
            }
            bundle.offer(customer()).start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bundle.database().value(Things.COUNT).equals("200"));
            bundle.awaitDrained();
            assertEquals(200, bundle.database().rows(LETTERS).size());
        }
    }

    /** One that takes its time, and bad ones before it in the order of keys: those after it must be written. */
    @Test
    void aSleeperAfterBadRecords() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text check (x <> 'bad')")) {
            trigger(bundle, "insert", "if new.x = 'slow' then perform pg_sleep(60); end if;");
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
}
