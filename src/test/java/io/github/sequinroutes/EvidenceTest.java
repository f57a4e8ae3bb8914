package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
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
}
