package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 43 to 47, 49, 50, 53 and 64: who is at fault waits or is rejected, and nobody else. */
@Order(1) // takes long
@Tag("postgres")
class FaultUnitTest {
    private static final String LETTERS =
            "select reason, sqlstate, record_id from sequin.dead_letters order by record_id";
    private static final String TEMPLATE = "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
            + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v";

    private static TestBundle bundle(Duration lease, String columns) throws Exception {
        TestBundle bundle = new TestBundle(lease);
        bundle.database().execute("create table things (id text primary key, v bigint, " + columns + ")");
        return bundle.collection("test:thing", TEMPLATE).set("sequin.workers", "1");
    }

    private static String thing(String id, String x) {
        return TestRecord.of("test:thing", id, 1, "{\"x\": " + x + "}");
    }

    private static String[] things(int count, String x) {
        return IntStream.range(0, count)
                .mapToObj(i -> thing("good-%04d".formatted(i), x))
                .toArray(String[]::new);
    }

    private static String[] customers(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> TestRecord.of("stripe:customer", "c" + i, 1, "{}"))
                .toArray(String[]::new);
    }

    private static void awaitCustomers(TestBundle bundle, int count, Duration within) {
        await().atMost(within).until(() -> bundle.database()
                .value("select count(*) from stripe.customers")
                .equals(Integer.toString(count)));
    }

    private static void trigger(TestBundle bundle, String body) throws Exception {
        bundle.database().execute("""
                create function act() returns trigger language plpgsql as $$ begin %s return new; end $$;
                create trigger act before insert on things for each row execute function act()""".formatted(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x tsquery                                        | \"a\" | \"a & & b\"   | 42601",
                "x regclass                                       | \"things\" | \"nowhere\" | 42P01",
                "x bytea                                          | \"\\\\x00ff\" | \"\\\\xzz\"    | 22023",
                "x interval                                       | \"1 day\" | \"1 dya\"    | 22007",
            })
    void aRecordWhoseContentRaisesAnyErrorIsADeadLetterAlone(String column, String good, String bad, String state)
            throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), column)) {
            bundle.offer(things(300, good)).offer(thing("poison", bad)).offer(customers(0, 1));
            bundle.start().awaitDrained().awaitHealthy();
            assertEquals(
                    List.of("rejected|" + state + "|poison"), bundle.database().rows(LETTERS));
            assertEquals("300", bundle.database().value(Things.COUNT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"42501", "0A000", "55000", "XX000", "22012"})
    void aTriggerThatFailsForOneRecordRejectsThatOne(String state) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            trigger(bundle, "if new.x = 'bad' then raise exception using errcode = '" + state + "'; end if;");
            bundle.offer(things(100, "\"good\""))
                    .offer(thing("poison", "\"bad\""))
                    .start();
            await().until(() -> bundle.database().value(Things.COUNT).equals("100"));
            bundle.awaitDrained();
            assertEquals(
                    List.of("rejected|" + state + "|poison"), bundle.database().rows(LETTERS));
        }
    }

    /** What is written next, by this collection or another, would go elsewhere, or be read otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search_path              | elsewhere  | false",
                "search_path              | elsewhere  | true",
                "TimeZone                 | Asia/Tokyo | true",
                "DateStyle                | ISO, DMY   | true",
                "session_replication_role | replica    | false",
                "role                     | clerk      | false",
                "array_nulls              | off        | false",
                "xmlbinary                | hex        | false",
                "lock_timeout             | 1min       | false",
                "standard_conforming_strings | off     | false",
            })
    void aTriggerThatChangesTheSessionStopsOnlyItsCollection(String setting, String value, boolean local)
            throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            bundle.database().execute("""
                    do $$ begin create role clerk; exception when duplicate_object or unique_violation then null; end $$;
                    grant all on all tables in schema public to clerk;
                    create table others (id text primary key, at timestamptz);
                    create schema elsewhere;
                    grant all on schema elsewhere to clerk;
                    create table elsewhere.others (like public.others including all);
                    create table elsewhere.things (like public.things including all)""");
            bundle.collection(
                    "test:other",
                    "insert into others as t (id, at) values (:#id, :#data.at) on conflict (id) do update set at = excluded.at");
            trigger(bundle, "perform set_config('%s', '%s', %s);".formatted(setting, value, local));
            bundle.offer(things(3, "\"good\"")).start().awaitUnhealthy("a trigger or function has left " + setting);
            for (int i = 0; i < 20; i++) {
                bundle.offer(TestRecord.of("test:other", "o" + i, 1, "{\"at\": \"2026-01-02 03:04:05\"}"));
            }
            await().until(() -> bundle.consumer().left() == 3);
            assertEquals(
                    "20|2026-01-02 03:04:05+00",
                    bundle.database().value("select count(*), max(at) at time zone 'UTC' || '+00' from public.others"));
            assertEquals("0", bundle.database().value("select count(*) from elsewhere.others"));
            assertEquals(List.of(), bundle.deadLetters());
            bundle.database().execute("drop function act cascade");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("3", bundle.database().value("select count(*) from public.things"));
        }
    }

    @Test
    void aTemporaryTableThatATriggerLeavesStandsInForNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            bundle.database().execute("create table others (id text primary key)");
            bundle.collection("test:other", "insert into others (id) values (:#id) on conflict do nothing");
            trigger(bundle, "create temp table if not exists others (like public.others including all);");
            bundle.offer(things(3, "\"good\"")).start().awaitDrained();
            for (int i = 0; i < 5; i++) {
                bundle.offer(TestRecord.of("test:other", "o" + i, 1, "{}"));
            }
            bundle.awaitDrained();
            assertEquals("5", bundle.database().value("select count(*) from public.others"));
        }
    }

    @Test
    void aRecordThatSleepsHoldsUpNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            bundle.offer(things(250, "\"good\""))
                    .offer(thing("good-0100-poison", "\"slow\""))
                    .offer(customers(0, 5))
                    .start();
            // the first attempt takes half a lease, and what it costs the others ends with the lease
            awaitCustomers(bundle, 5, Duration.ofSeconds(15));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bundle.database().value(Things.COUNT).equals("250"));
            bundle.offer(things(260, "\"good\""));
            bundle.awaitDrained();
            assertEquals(
                    List.of("rejected|57014|good-0100-poison"),
                    bundle.database().rows(LETTERS));
        }
    }

    @Test
    void manyRecordsThatSleepHoldUpNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            String[] records = things(500, "\"good\"");
            for (int i = 0; i < 500; i += 50) {
                records[i] = thing("good-%04d".formatted(i), "\"slow\"");
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

    @Test
    void aRecordThatSleepsIsLeftUnackedIfThatIsWanted() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text").set("sequin.timed-out", "hold")) {
            trigger(bundle, "if new.x = 'slow' then perform pg_sleep(60); end if;");
            bundle.offer(thing("poison", "\"slow\""))
                    .offer(things(20, "\"good\""))
                    .start();
            await().until(() -> bundle.consumer().left() == 1);
            long delivered = bundle.consumer().delivered();
            // every two seconds; it has been tried often enough to be a dead letter by then
            await().until(() -> bundle.consumer().delivered() >= delivered + 20);
            assertEquals(List.of(), bundle.database().rows(LETTERS));
            bundle.database().execute("drop trigger act on things");
            bundle.awaitDrained();
            assertEquals("21", bundle.database().value(Things.COUNT));
        }
    }

    @Test
    void aTableTooSlowForAWholeBatchTakesSmallerOnes() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            trigger(bundle, "perform pg_sleep(0.02);");
            bundle.offer(things(300, "\"good\"")).start();
            await().atMost(Duration.ofSeconds(60)).until(() -> bundle.consumer().left() == 0);
            assertEquals("300", bundle.database().value(Things.COUNT));
            assertEquals(List.of(), bundle.deadLetters());
            assertTrue(bundle.consumer().delivered() < 3_000, bundle.consumer().delivered() + " deliveries");
            bundle.database().execute("drop trigger act on things");
            bundle.offer(IntStream.range(0, 2_000)
                            .mapToObj(i -> thing("quick-" + i, "\"good\""))
                            .toArray(String[]::new))
                    .awaitDrained();
        }
    }

    @Test
    void aTableThatIsLockedHoldsUpNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(6), "x text");
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table things");
            bundle.offer(things(50, "\"good\"")).offer(customers(0, 1)).start();
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
            bundle.offer(thing("first", "\"good\"")).start().awaitDrained();
            bundle.database().execute(breakIt);
            bundle.offer(things(50, "\"good\"")).offer(customers(0, 1));
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
            String[] records = things(100, "\"good\"");
            records[75] = thing("good-0075", "\"bad\"");
            bundle.offer(records).start();
            await().until(() -> bundle.consumer().delivered() >= 150);
            assertEquals(List.of(), bundle.deadLetters());
            bundle.database().execute("alter sequence calls minvalue -1000000 restart -1000000");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("99", bundle.database().value(Things.COUNT));
            assertEquals(List.of("rejected|23514|good-0075"), bundle.database().rows(LETTERS));
        }
    }

    /** The half before the poison is committed, and then nothing is taken any more. */
    @Test
    void theSameFromTheMiddleOfABatchOn() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            bundle.database().execute("create sequence calls");
            trigger(bundle, "if nextval('calls') > 140 or new.x = 'bad' then raise sqlstate '23514'; end if;");
            String[] records = things(100, "\"good\"");
            records[75] = thing("good-0075", "\"bad\"");
            bundle.offer(records).start().awaitUnhealthy("SQLSTATE 23514");
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("50", bundle.database().value(Things.COUNT));
            bundle.database().execute("alter sequence calls minvalue -1000000 restart -1000000");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("99", bundle.database().value(Things.COUNT));
            assertEquals(List.of("rejected|23514|good-0075"), bundle.database().rows(LETTERS));
        }
    }

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

    @Test
    void aSelfReferenceInOneBatchWithPoisonIsWritten() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x text references things, check (x <> 'poison')")) {
            // a child comes before its parent in the order of keys, and so do its children
            for (int i = 0; i < 40; i++) {
                bundle.offer(thing("t%03d".formatted(i), i == 39 ? "null" : "\"t%03d\"".formatted(i + 1)));
            }
            bundle.offer(thing("t020-bad", "\"poison\"")).start().awaitDrained();
            assertEquals(List.of("rejected|23514|t020-bad"), bundle.database().rows(LETTERS));
            assertEquals("40", bundle.database().value(Things.COUNT));
        }
    }

    @Test
    void aParentOfAnotherCollectionInTheSameBatchIsEnough() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x text references stripe.customers (id)")) {
            bundle.offer(thing("child", "\"c0\""), thing("orphan", "\"nobody\""))
                    .offer(customers(0, 1))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("rejected|23503|orphan"), bundle.database().rows(LETTERS));
            assertEquals("child", bundle.database().value("select id from things"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMessageWithoutAVersionIsWhatItWouldBeAlone(boolean ledger) throws Exception {
        String unversioned = "{\"collection_id\": \"test:thing\", \"id\": \"thing-a\", \"data\": {}}";
        try (TestBundle bundle = Things.guarded(new TestBundle(), ledger)) {
            bundle.offer(unversioned, Things.thing("a", 2), Things.thing("a", 1), unversioned)
                    .start()
                    .awaitDrained();
            assertEquals("2", bundle.database().value("select v from things"));
            assertEquals(
                    List.of("malformed|~|thing-a|~|2"),
                    bundle.database()
                            .rows("select reason, sqlstate, record_id, version, attempts from sequin.dead_letters"));
        }
    }

    private static final String FAILS = "create function fail() returns trigger language plpgsql as"
            + " 'begin insert into nowhere values (1); return null; end'; ";

    /**
     * What it has taken before would be an update now, and tells nothing about what is new: so the first few that come
     * alone are dead letters, until it is clear that it is not for them.
     */
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
            bundle.offer(thing("first", "\"good\"")).start().awaitDrained();
            bundle.database().execute(FAILS + breakIt);
            bundle.offer(things(50, "\"good\"")).awaitUnhealthy("SQLSTATE");
            int few = bundle.deadLetters().size();
            assertTrue(few < 32, few + " dead letters");
            bundle.database().execute("drop function fail cascade; alter table things drop constraint if exists few");
            bundle.awaitDrained().awaitHealthy();
            assertEquals(Integer.toString(51 - few), bundle.database().value(Things.COUNT));
            assertEquals(few, bundle.deadLetters().size());
        }
    }

    @Test
    void aRecordThatWasTakenBeforeAndIsNotAnyMoreStopsNothing() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(3)).set("sequin.workers", "1")) {
            bundle.database().execute("""
                    create table parents (id text primary key);
                    insert into parents values ('p0'), ('p1');
                    create table things (id text primary key, v bigint,
                      x text references parents on delete cascade, check (x <> 'poison'))""");
            bundle.collection("test:thing", TEMPLATE)
                    .offer(thing("c0", "\"p0\""))
                    .start()
                    .awaitDrained();
            bundle.database().execute("delete from parents where id = 'p0'");
            bundle.offer(thing("a-poison", "\"poison\""))
                    .offer(things(50, "\"p1\""))
                    .awaitDrained();
            assertEquals(List.of("rejected|23514|a-poison"), bundle.database().rows(LETTERS));
            assertEquals("50", bundle.database().value(Things.COUNT));
        }
    }

    @Test
    void goodRecordsAfterManyBadOnesAreWritten() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text not null check (x <> 'bad')")) {
            for (int i = 0; i < 40; i++) {
                bundle.offer(thing("a" + i, "\"bad\""));
            }
            bundle.offer(things(100, "\"good\"")).start().awaitDrained();
            assertEquals("100", bundle.database().value(Things.COUNT));
            assertEquals(40, bundle.database().rows(LETTERS).size());
        }
    }

    @Test
    void aRecordThatAlwaysCollidesStopsNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            bundle.database().execute("""
                    create function act() returns trigger language plpgsql as $$ begin
                      if new.x = 'bad' then raise sqlstate '40001'; end if; return null; end $$;
                    create constraint trigger act after insert on things deferrable initially deferred
                      for each row execute function act()""");
            bundle.offer(thing("first", "\"good\"")).start().awaitDrained();
            bundle.offer(thing("good-0100-poison", "\"bad\""));
            for (int i = 0; i < 5; i++) {
                bundle.offer(thing("next-" + i, "\"good\""));
                int count = i + 2;
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bundle.database().value(Things.COUNT).equals(Integer.toString(count)));
            }
            long delivered = bundle.consumer().delivered();
            // it is tried at once, after 5 and after 10 s more, and would be a dead letter by then
            await().until(() -> bundle.consumer().delivered() >= delivered + 14);
            assertEquals(1, bundle.consumer().left());
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /**
     * A chain whose every child comes before its parent, so that each round of retries accepts one; or much poison; or
     * poison of which each is refused in words of its own.
     */
    @ParameterizedTest
    @ValueSource(strings = {"chain", "poison", "words"})
    void manyRejectedRecordsHoldUpNoOther(String kind) throws Exception {
        long lease = 4;
        boolean chain = kind.equals("chain");
        String column = kind.equals("poison") ? " check (x <> 'bad')" : chain ? " references things" : "";
        try (TestBundle bundle = bundle(Duration.ofSeconds(lease), "x text" + column)) {
            if (kind.equals("words")) {
                trigger(bundle, "if new.x = 'bad' then raise exception 'refused: %', new.id; end if;");
            }
            bundle.offer(thing("z", chain ? "null" : "\"good\"")).start().awaitDrained();
            for (int i = 0; i < 900; i++) {
                String parent = i == 899 ? "z" : "c%04d".formatted(i + 1);
                bundle.offer(thing(
                        "c%04d".formatted(i), chain ? "\"" + parent + "\"" : i % 2 == 0 ? "\"bad\"" : "\"good\""));
            }
            bundle.offer(thing("poison", chain ? "\"nobody\"" : "\"bad\""));
            // a lease for each of them, if it were not bounded
            long begin = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                bundle.offer(customers(i, i + 1));
                awaitCustomers(bundle, i + 1, Duration.ofSeconds(6 * lease));
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(waited.toSeconds() < 6 * lease, waited.toString());
        }
    }
}
