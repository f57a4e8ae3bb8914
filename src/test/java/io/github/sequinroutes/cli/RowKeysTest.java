package io.github.sequinroutes.cli;

import static io.github.sequinroutes.message.Outcome.WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 68 and 69: all messages of a row mean one row, in whatever way they write its key. */
@Tag("postgres")
class RowKeysTest {
    private static final String FULL = "; alter table items replica identity full";
    private static final String PAIR = "create table items (a int, b int, name text, primary key (a, b))" + FULL;
    private static final String NAMES = "select name from items order by name";

    private static String change(String action, String keys, String version, String record, String changes) {
        return Replication.change(action, "items", "KEY", version, record)
                .replace("[\"KEY\"]", keys)
                .replace("\"changes\": null", "\"changes\": " + changes);
    }

    private static String of(String json, String name) {
        return "{\"id\": " + json + ", \"name\": \"" + name + "\"}";
    }

    private static String pair(String action, int a, int b, String version, String changes) {
        String record = "{\"a\": " + a + ", \"b\": " + b + ", \"name\": \"" + version + "\"}";
        return change(action, "[\"" + a + "\",\"" + b + "\"]", version, record, changes);
    }

    private static Replication replication(String table, String... options) throws Exception {
        Replication replication = new Replication(table);
        List<String> all = new ArrayList<>(List.of("--table", "public.items", "--apply"));
        all.addAll(List.of(options));
        assertEquals(0, replication.scaffold(all.toArray(String[]::new)).status());
        return replication;
    }

    /** A change has the texts of PostgreSQL among its keys, and other ones in its record. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "timestamptz; 2024-10-28 21:37:01.12747+00; \"2024-10-28T21:37:01.127470Z\"; 2024-10-29 23:37:01+02; \"2024-10-29T21:37:01Z\"",
                "timestamp; 2024-10-28 21:37:01; \"2024-10-28T21:37:01.000000\"; 2024-10-29 21:37:01; \"2024-10-29T21:37:01\"",
                "boolean; t; true; f; false",
                "float8; 1; 1.0; 2.5; 2.5",
                "numeric; 1.50; \"1.50\"; 2.50; \"2.50\"",
                "int[]; {1}; [1]; {2}; [2]",
                "interval; 1 day; {\"months\": 0, \"days\": 1, \"microseconds\": 0}; 2 days; {\"months\": 0, \"days\": 2, \"microseconds\": 0}",
                "uuid; 7f0c1d9e-0000-4000-8000-000000000001; \"7f0c1d9e-0000-4000-8000-000000000001\"; 7f0c1d9e-0000-4000-8000-000000000002; \"7f0c1d9e-0000-4000-8000-000000000002\"",
                "bytea; \\\\x00; \"\\\\x00\"; \\\\x01; \"\\\\x01\"",
                "text; t; \"t\"; true; \"true\""
            })
    void aRowLeavesAKeyOfAnyType(String type, String oldKey, String old, String newKey, String now) throws Exception {
        try (Replication replication =
                replication("create table items (id " + type + " primary key, name text)" + FULL)) {
            String insert = change("insert", "[\"" + oldKey + "\"]", "10.0", of(old, "a"), "null");
            String update = change("update", "[\"" + newKey + "\"]", "11.0", of(now, "b"), "{\"id\": " + old + "}");
            replication.send(List.of(insert, update));
            assertEquals(List.of("b"), replication.target().rows(NAMES));
            replication.send(List.of(insert)); // what was acked comes again
            assertEquals(List.of("b"), replication.target().rows(NAMES));
        }
    }

    /** The read of a backfill has other texts among its keys than a change. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "timestamptz; 2024-10-28 21:37:01.12747+00; 2024-10-28 21:37:01.127470Z; \"2024-10-28T21:37:01.127470Z\"; \"2024-10-28T21:37:01.127470Z\"",
                "boolean; t; true; true; true",
                "float8; 10; 10.0; 10.0; 10.0",
                "timestamptz; infinity; inf; \"infinity\"; \"inf\"",
                "date; infinity; 5881610-07-11; \"infinity\"; \"5881610-07-11\"",
                "time; 21:37:00; 21:37:00.000000; \"21:37:00\"; \"21:37:00.000000\""
            })
    void aReadIsOfTheRowThatAChangeHasWritten(
            String type, String ofChange, String ofRead, String json, String jsonOfRead) throws Exception {
        try (Replication replication = replication("create table items (id " + type + " primary key, name text)")) {
            String read = of(jsonOfRead, "old");
            replication.send(List.of(change("insert", "[\"" + ofChange + "\"]", "10.0", of(json, "new"), "null")));
            replication.send(List.of(change("read", "[\"" + ofRead + "\"]", "", read, "null")));
            assertEquals(List.of("new"), replication.target().rows(NAMES));
        }
    }

    /** Of two columns with one value the one that has changed is not taken for the other. */
    @Test
    void twoColumnsOfTheKeyHaveTheSameValue() throws Exception {
        try (Replication replication = replication(PAIR)) {
            List<String> batch = List.of(
                    pair("insert", 5, 3, "9.0", "null"),
                    pair("insert", 3, 5, "10.0", "null"),
                    pair("update", 5, 5, "11.0", "{\"b\": 3}"));
            replication.send(batch);
            replication.send(batch.subList(0, 1)); // what was acked comes again
            assertEquals(List.of("3|5", "5|5"), replication.target().rows("select a, b from items order by a"));
        }
    }

    private static String mixed(String b, String version) {
        return change(
                "insert",
                "[\"1\",\"" + b + "\"]",
                version,
                "{\"a\": 1, \"b\": \"" + b + "\", \"name\": \"" + version + "\"}",
                "null");
    }

    /** Texts that look like a value of another column are texts, even those that look like a number without an end. */
    @Tag("long")
    @Test
    void aTextThatLooksLikeTheOtherColumn() throws Exception {
        try (Replication replication =
                replication("create table items (a int, b text, name text, primary key (a, b))" + FULL)) {
            replication.send(List.of(mixed("1", "10.0"), mixed("1.0", "9.0"), mixed("1e9999999999", "11.0")));
            replication.send(List.of(mixed("true", "12.0")));
            assertEquals(
                    List.of("10.0", "11.0", "12.0", "9.0"), replication.target().rows(NAMES));
        }
    }

    /** The server has the columns of a key in the order of the table, the key may have another. */
    @Tag("long")
    @Test
    void aKeyInAnotherOrderThanThatOfTheTable() throws Exception {
        try (Replication replication =
                replication("create table items (a int, b int, name text, primary key (b, a))" + FULL)) {
            List<String> batch = List.of(
                    pair("insert", 3, 5, "9.0", "null"),
                    pair("insert", 5, 3, "10.0", "null"),
                    pair("update", 5, 5, "11.0", "{\"a\": 3}"));
            replication.send(batch);
            replication.send(batch.subList(0, 1)); // what was acked comes again
            assertEquals(List.of("5|3", "5|5"), replication.target().rows("select a, b from items order by b"));
        }
    }

    /** Two texts of one key are no two rows: the row must not be deleted under its other text. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource({"numeric, 1.5, 1.50", "citext, bob, Bob"})
    void aKeyThatChangesOnlyItsText(String type, String old, String now) throws Exception {
        for (String[] options : new String[][] {{}, {"--soft-deletes"}}) {
            try (Replication replication = new Replication("create extension if not exists citext;"
                    + "create table items (id " + type + " primary key, name text)" + FULL)) {
                replication.target().execute("create extension if not exists citext");
                List<String> all = new ArrayList<>(List.of("--table", "public.items", "--apply"));
                all.addAll(List.of(options));
                assertEquals(0, replication.scaffold(all.toArray(String[]::new)).status());
                String change =
                        change("update", "[\"" + now + "\"]", "11.0", text(now, "b"), "{\"id\": \"" + old + "\"}");
                replication.send(List.of(change("insert", "[\"" + old + "\"]", "10.0", text(old, "a"), "null")));
                replication.send(List.of(change));
                replication.send(List.of(change("update", "[\"" + now + "\"]", "12.0", text(now, "c"), "{}")));
                replication.send(List.of(change));
                String live = options.length == 0 ? "" : " where not deleted";
                assertEquals(List.of("c"), replication.target().rows("select name from items" + live));
            }
        }
    }

    private static String text(String id, String name) {
        return of("\"" + id + "\"", name);
    }

    /** A number of which no computer word can hold the digits is copied, not read. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"1e2147483649", "LONG"})
    void aChangeWithANumberThatIsTooLarge(String number) throws Exception {
        String digits = number.equals("LONG") ? "9".repeat(2000) : number;
        try (Replication replication =
                replication("create table items (id int primary key, name text, doc json)" + FULL)) {
            String record = "{\"id\": %d, \"name\": \"%s\", \"doc\": {\"n\": " + digits + "}}";
            replication.send(List.of(change("insert", "[\"1\"]", "10.0", record.formatted(1, "a"), "null")));
            assertEquals(
                    List.of(WRITTEN),
                    replication.send(
                            List.of(change("update", "[\"2\"]", "11.0", record.formatted(2, "b"), "{\"id\": 1}"))));
            assertEquals(List.of("b"), replication.target().rows(NAMES));
        }
    }

    /** Which texts JSON has for a character makes no difference. */
    @Tag("long")
    @Test
    void aKeyWithEscapes() throws Exception {
        try (Replication replication =
                replication("create table items (a text, b text, name text, primary key (a, b))" + FULL)) {
            String keys = "[\"\\u001b\",\"%s\"]";
            String record = "{\"a\": \"\\u001b\", \"b\": \"%s\", \"name\": \"%s\"}";
            String insert = change("insert", keys.formatted("x\\/"), "10.0", record.formatted("x\\/", "a"), "null");
            replication.send(List.of(insert));
            replication.send(List.of(
                    change("update", keys.formatted("y"), "11.0", record.formatted("y", "b"), "{\"b\": \"x\\/\"}")));
            replication.send(List.of(insert));
            assertEquals(List.of("b"), replication.target().rows(NAMES));
        }
    }

    /** The server must say which columns the constraint has, also for the first batch. */
    @Tag("long")
    @Test
    void theTemplateNamesAConstraint() throws Exception {
        try (Replication replication =
                replication("create table items (id int primary key, name text)" + FULL, "--soft-deletes")) {
            String template = "routes/collections/public-items.upsert.sql";
            replication.write(
                    template, replication.file(template).replace("conflict (id)", "conflict on constraint items_pkey"));
            replication.target().execute("insert into items (id, name) values (1, 'a')");
            replication.send(List.of(change("update", "[\"2\"]", "11.0", of("2", "b"), "{\"id\": 1}")));
            assertEquals(List.of("1|t", "2|f"), replication.target().rows("select id, deleted from items order by id"));
        }
    }

    /** What a delete template does not say of the key the upsert template does. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from items where id = (:#metadata.record_pks.0)::int",
                "with old as (select :#record.id::int as id) delete from items using old where items.id = old.id"
            })
    void aDeleteTemplateOfAnotherForm(String template) throws Exception {
        try (Replication replication = replication("create table items (id int primary key, name text)" + FULL)) {
            replication.write("routes/collections/public-items.delete.sql", template);
            replication.send(List.of(change("insert", "[\"1\"]", "10.0", of("1", "a"), "null")));
            replication.send(List.of(change("update", "[\"2\"]", "11.0", of("2", "b"), "{\"id\": 1}")));
            assertEquals(List.of("b"), replication.target().rows(NAMES));
        }
    }

    /** All reads of such a table have the same idempotency key. */
    @Test
    void readsOfATableWithoutAKey() throws Exception {
        try (Replication replication = replication("create table items (id int primary key, name text)")) {
            List<String> reads = new ArrayList<>();
            for (int i = 1; i < 4; i++) {
                reads.add(change("read", "[]", "", of("" + i, "a"), "null").replace("4f0d", "4f0" + i));
            }
            assertEquals(List.of(WRITTEN, WRITTEN, WRITTEN), replication.send(reads));
            assertEquals(List.of("3"), replication.target().rows("select count(*) from items"));
        }
    }

    /** In any order, in any batches, and some of them twice: the rows are those of the source. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomChangesInRandomOrder(boolean soft) throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        TreeMap<String, String> rows = new TreeMap<>();
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String version = (1000 + i / 3) + "." + i % 3;
            int a = random.nextInt(4);
            int b = random.nextInt(4);
            int newA = random.nextInt(4);
            int newB = random.nextInt(4);
            String now = newA + "|" + newB;
            if (rows.remove(a + "|" + b) == null) {
                rows.put(a + "|" + b, version);
                messages.add(pair("insert", a, b, version, "null"));
            } else if (random.nextInt(3) > 0 && !rows.containsKey(now)) {
                rows.put(now, version);
                String changes = (a == newA ? "" : "\"a\": " + a + ", ") + (b == newB ? "" : "\"b\": " + b + ", ");
                messages.add(pair("update", newA, newB, version, "{" + changes + "\"name\": \"x\"}"));
            } else {
                messages.add(pair("delete", a, b, version, "null"));
            }
        }
        messages.addAll(messages.subList(0, 100));
        Collections.shuffle(messages, random);
        try (Replication replication = replication(PAIR, soft ? new String[] {"--soft-deletes"} : new String[0])) {
            while (!messages.isEmpty()) {
                List<String> batch = messages.subList(0, Math.min(messages.size(), 1 + random.nextInt(20)));
                replication.send(List.copyOf(batch));
                batch.clear();
            }
            List<String> expected = new ArrayList<>();
            rows.forEach((key, version) -> expected.add(key + "|" + version));
            String live = soft ? " where not deleted" : "";
            assertEquals(
                    expected,
                    replication.target().rows("select a, b, name from items" + live + " order by a, b"),
                    "-Dtest.seed=" + seed);
        }
    }
}
