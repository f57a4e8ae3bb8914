package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 41: a table that is altered while batches flow is written by its new types from the next batch on. */
@Tag("long")
@Tag("postgres")
class AlteredTableTest {
    private static String record(String id, int version, String value) {
        return TestRecord.of("test:thing", id, version, "{\"x\": " + value + "}");
    }

    private static TestBundle bundle(String type) throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute("create table things (id text primary key, v bigint, x " + type + ")");
        // one connection, so that the driver has its statements prepared for certain
        bundle.set("sequin.workers", "1");
        return bundle.collection(
                "test:thing",
                "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                        + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v");
    }

    /** So many batches, of several rows and of one, that the driver keeps every statement prepared. */
    private static void warmUp(TestBundle bundle, String value) {
        for (int batch = 0; batch < 14; batch++) {
            for (int i = 0; i < (batch % 2 == 0 ? 1 : 20); i++) {
                bundle.offer(record("old-" + i, batch, value));
            }
            if (batch == 0) {
                start(bundle);
            }
            bundle.awaitDrained();
        }
    }

    private static void start(TestBundle bundle) {
        try {
            bundle.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertWrittenByTheNewType(
            String from, String before, String alteration, String value, String expected) throws Exception {
        try (TestBundle bundle = bundle(from)) {
            warmUp(bundle, before);
            // no pause between the alteration and the next batches, of several rows and of one
            bundle.database().execute("alter table things " + alteration);
            bundle.offer(record("one", 1, value)).awaitDrained();
            for (int i = 0; i < 20; i++) {
                bundle.offer(record("several-" + i, 1, value));
            }
            bundle.awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals(
                    List.of(expected + "|21"),
                    bundle.database().rows("select x, count(*) from things where id not like 'old%' group by 1"));
        }
    }

    /** The driver finds types by the names that they had, and two may have had the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create type mood as enum ('a', 'b') | mood[] | alter type mood rename to mood2 | bigint"
                        + " | [\"a\", \"b\"] | {a,b}",
                "create schema app; create domain app.jd as jsonb | app.jd | alter schema app rename to app2 | bigint"
                        + " | \"123\" | \"123\"",
                "create domain jd as jsonb | jd | alter domain jd rename to jd_old; create domain jd as text | bigint"
                        + " | \"123\" | \"123\"",
                "create domain jd as jsonb | jd | alter domain jd rename to jd_old; create domain jd as text | jd"
                        + " | \"123\" | \"123\"",
            })
    void aTypeThatIsRenamed(String create, String type, String rename, String otherType, String value, String expected)
            throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1")) {
            bundle.database().execute(create + "; create table things (id text primary key, x " + type + ", n int)");
            bundle.collection("test:thing", "insert into things (id, x, n) values (:#id, :#data.x, :#data.n)");
            String data = "{\"x\": " + value + ", \"n\": 1}";
            bundle.start();
            for (int i = 0; i < 8; i++) {
                bundle.offer(TestRecord.of("test:thing", "old-" + i, 1, data)).awaitDrained();
            }
            bundle.database().execute(rename);
            bundle.database().execute("alter table things alter column n type " + otherType);
            for (int i = 0; i < 12; i++) {
                bundle.offer(
                        TestRecord.of("test:thing", "new-" + i, 1, data),
                        TestRecord.of("test:thing", "more-" + i, 1, data));
                bundle.awaitDrained();
            }
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals(
                    List.of(expected + "|32"), bundle.database().rows("select x, count(*) from things group by 1"));
        }
    }

    /** The server has to be asked which one a template means. */
    @Test
    void aFunctionThatAnotherStandsBefore() throws Exception {
        try (TestBundle bundle = bundle("text")) {
            bundle.database()
                    .execute("create function told(i int) returns text language sql as $$ select 'int ' || i $$");
            bundle.collection(
                    "test:thing",
                    "insert into things as t (id, v, x) values (:#id, :#updated_idx, told(:#data.x))"
                            + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v");
            warmUp(bundle, "\"1\"");
            bundle.database()
                    .execute("create function told(i text) returns text language sql as $$ select 'text ' || i $$");
            bundle.offer(record("one", 1, "\"01\"")).awaitDrained();
            assertEquals("text 01", bundle.database().value("select x from things where id = 'one'"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Test
    void anIntegerThatBecomesABigint() throws Exception {
        assertWrittenByTheNewType("int", "1", "alter x type bigint", "3000000000", "3000000000");
    }

    @Test
    void aRealThatBecomesADouble() throws Exception {
        assertWrittenByTheNewType("real", "1", "alter x type double precision", "0.1", "0.1");
    }

    @Test
    void aTimestampThatGetsAZone() throws Exception {
        assertWrittenByTheNewType(
                "timestamp",
                "\"2026-01-01T00:00:00Z\"",
                "alter x type timestamptz using x at time zone 'UTC'",
                "\"2026-01-01T00:00:00+02:00\"",
                "2025-12-31 22:00:00+00");
    }

    @Test
    void aTextThatBecomesJson() throws Exception {
        assertWrittenByTheNewType("text", "\"1\"", "alter x type jsonb using to_jsonb(x)", "\"123\"", "\"123\"");
    }

    @Test
    void aColumnThatIsDroppedAndAddedWithAnotherType() throws Exception {
        assertWrittenByTheNewType("int", "1", "drop x, add x text[]", "[\"a\", \"b\"]", "{a,b}");
    }

    @Test
    void aTypeThatIsDroppedAndCreatedAnewUnderItsName() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database()
                    .execute("create domain d as text; create table things (id text primary key, v bigint, x d)");
            bundle.set("sequin.workers", "1");
            bundle.collection(
                    "test:thing",
                    "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                            + " on conflict (id) do update set v = excluded.v, x = excluded.x");
            warmUp(bundle, "\"1\"");
            bundle.database()
                    .execute(
                            "alter table things drop x; drop domain d; create domain d as jsonb; alter table things add x d");
            bundle.offer(record("one", 1, "\"123\"")).awaitDrained();
            assertEquals("\"123\"", bundle.database().value("select x from things where id = 'one'"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }
}
