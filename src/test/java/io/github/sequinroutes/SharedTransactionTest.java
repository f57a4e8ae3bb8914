package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 78: the collections of a batch are written in one transaction, and none suffers for another. */
@Tag("postgres")
class SharedTransactionTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    private static TestBundle bundle(String conditionOfB) throws Exception {
        TestBundle bundle = new TestBundle(Duration.ofSeconds(20)).set("sequin.workers", "1");
        for (String name : NAMES) {
            bundle.database()
                    .execute("create table %s (id text primary key, v bigint, x text %s)"
                            .formatted(name, name.equals("b") ? conditionOfB : ""));
            collection(bundle, name);
        }
        return bundle;
    }

    private static void collection(TestBundle bundle, String name) throws IOException {
        bundle.collection(
                "test:" + name,
                ("insert into %s as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                                + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v")
                        .formatted(name));
    }

    private static String record(String collection, String id, int version, String x) {
        return TestRecord.of("test:" + collection, id, version, "{\"x\": \"" + x + "\"}");
    }

    /** Offers records so that they come in one batch, and waits until they are acked. */
    private static void write(TestBundle bundle, String... records) {
        offerTogether(bundle, records);
        bundle.awaitDrained();
    }

    private static void offerTogether(TestBundle bundle, String... records) {
        synchronized (bundle.consumer()) {
            bundle.offer(record("b", "first", 1, "good")); // whoever waits for a message gets this one alone
            bundle.offer(records);
        }
    }

    private static void offerEach(TestBundle bundle, int version) {
        offerTogether(
                bundle,
                NAMES.stream().map(name -> record(name, "one", version, "good")).toArray(String[]::new));
    }

    /** How many transactions have written the newest versions of the rows. */
    private static String transactions(TestBundle bundle, List<String> tables, int version) throws Exception {
        StringBuilder rows = new StringBuilder();
        for (String name : tables) {
            rows.append(rows.isEmpty() ? "" : " union all ")
                    .append("select xmin::text from %s where id = 'one' and v = %d".formatted(name, version));
        }
        return bundle.database().value("select count(*) || ' rows, ' || count(distinct xmin) from (" + rows + ") r");
    }

    @Test
    void whatIsKnownIsWrittenInOne() throws Exception {
        try (TestBundle bundle = bundle("")) {
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            // the first time the server had to be asked for each
            assertEquals("3 rows, 3", transactions(bundle, NAMES, 1));
            offerEach(bundle, 2);
            bundle.awaitDrained();
            assertEquals("3 rows, 1", transactions(bundle, NAMES, 2));
            // a version that is stale is kept out, and all are acked
            offerEach(bundle, 1);
            bundle.awaitDrained();
            assertEquals("3 rows, 1", transactions(bundle, NAMES, 2));
        }
    }

    @Test
    void whatIsWrittenRecordByRecordIsWrittenByCollection() throws Exception {
        try (TestBundle bundle = bundle("").set("sequin.sets", "rows")) {
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            offerEach(bundle, 2);
            bundle.awaitDrained();
            assertEquals("3 rows, 3", transactions(bundle, NAMES, 2));
        }
    }

    @Test
    void aRecordThatIsRejectedCostsTheOthersNothing() throws Exception {
        try (TestBundle bundle = bundle("check (x <> 'bad')")) {
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            write(
                    bundle,
                    record("a", "one", 2, "good"),
                    record("b", "bad", 2, "bad"),
                    record("b", "one", 2, "good"),
                    record("c", "one", 2, "good"));
            assertEquals("3 rows, 3", transactions(bundle, NAMES, 2));
            assertEquals(List.of("rejected|23514|bad"), bundle.deadLetters());
            // for a while it is written alone
            offerEach(bundle, 3);
            bundle.awaitDrained();
            assertEquals("2 rows, 1", transactions(bundle, List.of("a", "c"), 3));
            assertEquals("3 rows, 2", transactions(bundle, NAMES, 3));
        }
    }

    @Test
    void aTableThatIsLockedHoldsUpNoOther() throws Exception {
        try (TestBundle bundle = bundle("");
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            connection.setAutoCommit(false);
            statement.execute("lock table b in share mode");
            offerEach(bundle, 2);
            await().until(() -> transactions(bundle, List.of("a", "c"), 2).startsWith("2 rows"));
            assertEquals("0 rows, 0", transactions(bundle, List.of("b"), 2));
            connection.rollback();
            bundle.awaitDrained();
            assertEquals("1 rows, 1", transactions(bundle, List.of("b"), 2));
        }
    }

    /** What a deferred constraint refuses is noticed when all have been executed. */
    @Test
    void whatFailsAtTheEndIsFound() throws Exception {
        try (TestBundle bundle = bundle("")) {
            bundle.database()
                    .execute("create table parents (id text primary key); insert into parents values ('good');"
                            + " alter table b add foreign key (x) references parents deferrable initially deferred");
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            write(bundle, record("a", "one", 2, "good"), record("b", "one", 2, "bad"), record("c", "one", 2, "good"));
            assertEquals("2 rows, 2", transactions(bundle, List.of("a", "c"), 2));
            assertEquals(List.of("rejected|23503|one"), bundle.deadLetters());
            assertEquals("1 rows, 1", transactions(bundle, List.of("b"), 1));
        }
    }

    /** Its collection comes before that of its parents, by name. */
    @Test
    void aChildLearnsToComeAfterItsParent() throws Exception {
        try (TestBundle bundle = bundle("")) {
            bundle.database().execute("alter table a add foreign key (x) references c (id)");
            bundle.offer(record("c", "root", 1, ""), record("b", "one", 1, ""), record("a", "one", 1, "root"))
                    .start()
                    .awaitDrained();
            write(bundle, record("a", "one", 2, "new"), record("b", "one", 2, ""), record("c", "new", 2, ""));
            assertEquals(List.of(), bundle.deadLetters());
            // as soon as it may be with others again, it comes last
            int[] version = {2};
            await().until(() -> {
                int next = ++version[0];
                write(
                        bundle,
                        record("a", "one", next, "new" + next),
                        record("b", "one", next, ""),
                        record("c", "new" + next, next, ""),
                        record("c", "one", next, ""));
                return transactions(bundle, NAMES, next).equals("3 rows, 1");
            });
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** Else it would be done twice where the transaction fails. */
    @Test
    void aStepOfTheUsersOwnIsDoneOnce() throws Exception {
        try (TestBundle bundle = bundle("check (x <> 'bad')")) {
            Files.writeString(bundle.routes().resolve("collections/steps.camel.yaml"), """
                    - route:
                        from:
                          uri: direct:test:steps
                          steps:
                            - to: "sql:select nextval('steps')?dataSource=#sequin-postgres&outputHeader=step"
                            - to: "kamelet:postgres-upsert-sink?upsert=steps.upsert.sql"
                    """);
            Files.writeString(
                    bundle.routes().resolve("collections/steps.upsert.sql"), "insert into written values (:#id)");
            bundle.database().execute("create sequence steps; create table written (id text)");
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            write(bundle, record("a", "one", 2, "good"), record("b", "one", 2, "bad"), record("steps", "s", 2, "good"));
            assertEquals("1", bundle.database().value("select last_value from steps"));
            assertEquals("1", bundle.database().value("select count(*) from written"));
        }
    }

    /** Whether it was committed nobody knows; what is done again changes nothing, and the log tells. */
    @Test
    void aConnectionThatIsLostIsNoticedAndNothingIs() throws Exception {
        try (LogWatch log = new LogWatch("Outage of PostgreSQL, over at once");
                TestBundle bundle = bundle("")) {
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            bundle.database()
                    .execute(
                            "create sequence runs; create function cut(x text) returns bool language plpgsql as $$ begin"
                                    + " if x = 'cut' and nextval('runs') = 1 then"
                                    + " perform pg_terminate_backend(pg_backend_pid()); end if; return true; end $$;"
                                    + " alter table b add check (cut(x));");
            int asked = bundle.server().requests().count(RequestKind.NEXT);
            write(bundle, record("a", "one", 2, "good"), record("b", "one", 2, "cut"), record("c", "one", 2, "good"));
            bundle.awaitHealthy();
            assertNotEquals(asked, bundle.server().requests().count(RequestKind.NEXT));
            assertEquals("3 rows, 3", transactions(bundle, NAMES, 2));
            assertFalse(
                    log.lines("messages of several collections were written").isEmpty());
        }
    }

    /** The lease is for all of them: each is quick enough by itself, and all in one transaction would never be in time. */
    @Test
    void manyThatTakeTheirTimeAreWrittenWithinTheLease() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(4)).set("sequin.workers", "1")) {
            List<String> names = IntStream.range(0, 20).mapToObj(i -> "t" + i).toList();
            bundle.database()
                    .execute(
                            "create sequence runs; create function slow(x text) returns bool language plpgsql as $$ begin"
                                    + " if x = 'slow' then perform nextval('runs'); perform pg_sleep(0.3); end if;"
                                    + " return true; end $$");
            for (String name : names) {
                bundle.database()
                        .execute("create table %s (id text primary key, v bigint, x text check (slow(x)))"
                                .formatted(name));
                collection(bundle, name);
            }
            bundle.offer(names.stream()
                            .map(name -> record(name, "one", 1, "quick"))
                            .toArray(String[]::new))
                    .start()
                    .awaitDrained();
            bundle.offer(names.stream()
                            .map(name -> record(name, "two", 2, "slow"))
                            .toArray(String[]::new))
                    .awaitDrained();
            int runs = Integer.parseInt(bundle.database().value("select last_value from runs"));
            assertTrue(runs < 2 * names.size(), Integer.toString(runs));
        }
    }

    /** By itself it would come after what it looks up, if that comes first. */
    @Test
    void whatReadsOtherTablesIsWrittenAfterThem() throws Exception {
        try (TestBundle bundle = bundle("")) {
            bundle.collection(
                    "test:a",
                    "insert into a as t (id, v, x)"
                            + " values (:#id, :#updated_idx, (select c.x from c where c.id = :#data.x))"
                            + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v");
            bundle.start();
            for (int i = 1; i < 5; i++) {
                write(
                        bundle,
                        record("c", "c" + i, i, "parent"),
                        record("a", "a" + i, i, "c" + i),
                        record("b", "b" + i, i, ""));
            }
            assertEquals("4", bundle.database().value("select count(*) from a where x = 'parent'"));
        }
    }

    /** It would be that of another collection's record. */
    @Test
    void aSettingOfATriggersOwnEndsWithItsCollection() throws Exception {
        try (TestBundle bundle = bundle("")) {
            offerEach(bundle, 1);
            bundle.start().awaitDrained();
            bundle.database()
                    .execute("create function tell() returns trigger language plpgsql as $$ begin"
                            + " perform set_config('app.author', new.x, true); return new; end $$;"
                            + " create function hear() returns trigger language plpgsql as $$ begin"
                            + " new.x := current_setting('app.author', true); return new; end $$;"
                            + " create trigger tell before insert on a for each row execute function tell();"
                            + " create trigger hear before insert on b for each row execute function hear()");
            for (int version = 2; version < 5; version++) {
                write(bundle, record("a", "one", version, "ann"), record("b", "one", version, ""));
                assertEquals(
                        "1",
                        bundle.database()
                                .value("select count(*) from b where id = 'one' and v = " + version
                                        + " and coalesce(x, '') = ''"));
            }
        }
    }
}
