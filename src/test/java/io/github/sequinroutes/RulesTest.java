package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 24, 25 and 29: each odd record has a rule. docs/failures.md has the table. */
@Tag("postgres")
class RulesTest {
    private static final String LETTERS = "select reason, sqlstate, record_id, attempts from sequin.dead_letters";

    private static TestBundle docs() throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database()
                .execute(
                        "create table docs (id text primary key, v bigint, deleted boolean, data jsonb, x text, n numeric)");
        return bundle.collection(
                "test:doc",
                "insert into docs as t (id, v, deleted, data, x, n)"
                        + " values (:#id, :#updated_idx, :#deleted, :#data, :#data.x, :#data.n)"
                        + " on conflict (id) do update set v = excluded.v, deleted = excluded.deleted,"
                        + " data = excluded.data, x = excluded.x, n = excluded.n where t.v <= excluded.v");
    }

    private static String doc(String id, long version, String data) {
        return TestRecord.of("test:doc", id, version, data);
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder();
        new Random(1).ints(length, 'a', 'z').forEach(text::appendCodePoint);
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyIntegerOf64BitsIsAVersion(boolean ledger) throws Exception {
        try (TestBundle bundle = Things.guarded(new TestBundle(), ledger)) {
            bundle.start();
            for (long version : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE, 0, -1}) {
                bundle.offer(Things.thing("a", version)).awaitDrained();
            }
            bundle.offer(Things.thing("b", Long.MAX_VALUE), Things.thing("b", Long.MIN_VALUE), Things.thing("b", 0))
                    .awaitDrained();
            assertEquals(
                    List.of("thing-a|" + Long.MAX_VALUE, "thing-b|" + Long.MAX_VALUE),
                    bundle.database().rows("select id, v from things order by id"));
            assertEquals(
                    List.of(),
                    bundle.database()
                            .rows("select record_id, version, reason, sqlstate, error from sequin.dead_letters"));
        }
    }

    @Test
    void aStoredVersionOfNullLosesToAnyRecord() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database()
                    .execute("insert into stripe.customers (id, updated_idx) values ('a', null);"
                            + " insert into stripe.subscriptions (id, updated_idx) values ('a', null)");
            bundle.offer(
                            TestRecord.of("stripe:customer", "a", Long.MIN_VALUE, "{}"),
                            TestRecord.of("stripe:subscription", "a", 0, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    List.of(Long.toString(Long.MIN_VALUE), "0"),
                    bundle.database()
                            .rows("select updated_idx from stripe.customers"
                                    + " union all select updated_idx from stripe.subscriptions"));
        }
    }

    @Test
    void dataMayBeAnythingOrMissing() throws Exception {
        try (TestBundle bundle = docs()) {
            bundle.offer(
                            doc("array", 1, "[{\"x\": 1}]"),
                            doc("extra", 1, "{\"x\": 1, \"more\": {}}").replaceFirst("\\{", "{\"extra\": [{}], "),
                            doc("missing", 1, "0").replace("\"data\": 0,", ""),
                            doc("no deleted", 1, "{}").replace("\"deleted\": false,", ""),
                            doc("null", 1, "null"),
                            doc("numbers", 1, "{\"x\": Infinity, \"n\": NaN}").replace("{\"x\"", "{\"data\": 1, \"x\""),
                            doc("text", 1, "\"plain\""),
                            doc("toast", 1, "{\"x\": \"unchanged_toast\"}"),
                            TestRecord.of("test:doc", "deleted", 1, true, "{\"x\": \"last\"}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    List.of(
                            "array|f|[{\"x\": 1}]|~",
                            "deleted|t|{\"x\": \"last\"}|last",
                            "extra|f|{\"x\": 1, \"more\": {}}|1",
                            "missing|f|~|~",
                            "no deleted|f|{}|~",
                            "null|f|~|~",
                            "text|f|\"plain\"|~",
                            "toast|f|{\"x\": \"unchanged_toast\"}|unchanged_toast"),
                    bundle.database().rows("select id, deleted, data, x from docs order by id collate \"C\""));
            // jsonb has no such numbers
            assertEquals(List.of("rejected|22P02|numbers|1"), bundle.database().rows(LETTERS));
        }
    }

    @Test
    void numbersThatJsonDoesNotHaveAreThoseOfPostgres() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table numbers (id text primary key, n numeric, d float, t text, i int)");
            bundle.collection(
                    "test:number",
                    "insert into numbers (id, n, d, t, i)"
                            + " values (:#id, :#data.n, :#data.d, :#data.d, :#data.i) on conflict (id) do nothing");
            for (String number : List.of("NaN", "Infinity", "-Infinity")) {
                bundle.offer(TestRecord.of("test:number", number, 1, "{\"d\": " + number + "}"));
            }
            bundle.offer(TestRecord.of("test:number", "numeric", 1, "{\"n\": NaN}"));
            bundle.offer(TestRecord.of("test:number", "numeric infinity", 1, "{\"n\": -Infinity}"));
            bundle.offer(TestRecord.of("test:number", "integer", 1, "{\"i\": NaN}"));
            bundle.start().awaitDrained();
            List<String> rows = new ArrayList<>(List.of(
                    "-Infinity|~|-Infinity|-Infinity",
                    "Infinity|~|Infinity|Infinity",
                    "NaN|~|NaN|NaN",
                    "numeric|NaN|~|~"));
            List<String> letters = new ArrayList<>(List.of("rejected|22P02|integer|1"));
            if (bundle.database().majorVersion() < 14) {
                letters.add("rejected|22P02|numeric infinity|1");
            } else {
                rows.add("numeric infinity|-Infinity|~|~");
            }
            assertEquals(rows, bundle.database().rows("select id, n, d, t from numbers order by id collate \"C\""));
            assertEquals(letters, bundle.database().rows(LETTERS + " order by record_id"));
        }
    }

    @Test
    void anIdMayBeANumberOrHoldAnyCharacter() throws Exception {
        String odd = " a b/'';--😀\\n\\t$1 ?:#id %s {{x}} ${body} \\\"";
        try (TestBundle bundle = docs()) {
            bundle.offer(doc("5", 1, "{}").replace("\"5\"", "5"), doc("5", 2, "{}"), doc(odd, 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    List.of(odd.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"") + "|1", "5|2"),
                    bundle.database().rows("select id, v from docs order by id collate \"C\""));
            assertEquals(List.of(), bundle.database().rows(LETTERS));
        }
    }

    @Test
    void anIdOrACollectionTooLongForAnIndexIsADeadLetter() throws Exception {
        String large = random(10_000);
        try (TestBundle bundle = docs()) {
            for (int i = 0; i < 2; i++) {
                bundle.offer(doc(large, 1, "{}"), TestRecord.of(large, "a", 1, "{}"), doc("good", 1, "{}"));
            }
            bundle.start().awaitDrained();
            assertEquals(
                    List.of("rejected|54000|10000|8|2", "unknown-collection|~|1|10000|2"),
                    bundle.database()
                            .rows("select reason, sqlstate, length(record_id), length(collection), attempts"
                                    + " from sequin.dead_letters order by reason"));
            assertEquals("good", bundle.database().value("select id from docs"));
        }
    }

    @Test
    void aTableThatIsAllKeyIsWrittenOnce() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table members (team text, person text, primary key (team, person))");
            bundle.collection(
                    "test:member",
                    "insert into members (team, person) values (:#data.team, :#data.person) on conflict do nothing");
            for (int i = 0; i < 100; i++) {
                bundle.offer(
                        TestRecord.of("test:member", "id-" + i, 1, "{\"team\": " + i % 3 + ", \"person\": \"p\"}"));
            }
            bundle.start().awaitDrained();
            assertEquals(List.of("0|p", "1|p", "2|p"), bundle.database().rows("select * from members order by 1"));
            assertEquals(List.of(), bundle.database().rows(LETTERS));
        }
    }

    /** Nothing equals NULL: the deletion would be acked, and the row would stay. */
    @Test
    void aDeletionWithoutTheKeyOfItsRowIsADeadLetter() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table bills (external_id text primary key, v bigint)");
            bundle.collection(
                    "test:bill",
                    "insert into bills as t (external_id, v) values (:#upstream_id, :#updated_idx)"
                            + " on conflict (external_id) do update set v = excluded.v where t.v <= excluded.v");
            Things.addParameter(bundle, "test-bill", "delete", "bill.delete.sql");
            Files.writeString(
                    bundle.routes().resolve("collections/bill.delete.sql"),
                    "delete from bills where external_id = :#upstream_id");
            bundle.offer(TestRecord.of("test:bill", "a", 1, "{}"), TestRecord.of("test:bill", "b", 1, "{}"))
                    .start()
                    .awaitDrained();
            String deletion = TestRecord.of("test:bill", "a", 2, true, "null");
            bundle.offer(
                            deletion.replace("\"up-a\"", "null"),
                            TestRecord.of("test:bill", "b", 2, true, "null"),
                            TestRecord.of("test:bill", "c", 1, "{}"))
                    .awaitDrained();
            assertEquals(List.of("up-a|1", "up-c|1"), bundle.database().rows("select * from bills order by 1"));
            assertEquals(List.of("malformed|~|a|1"), bundle.database().rows(LETTERS));
            String error = bundle.database().value("select error from sequin.dead_letters");
            assertTrue(
                    error.endsWith(
                            "bill.delete.sql:1:39: the row is looked for by :#upstream_id, which the deletion does"
                                    + " not have: no row would be deleted"),
                    error);
            bundle.offer(deletion.replace("\"updated_idx\": 2", "\"updated_idx\": 3"))
                    .awaitDrained();
            assertEquals(List.of("up-c|1"), bundle.database().rows("select * from bills order by 1"));
        }
    }
}
