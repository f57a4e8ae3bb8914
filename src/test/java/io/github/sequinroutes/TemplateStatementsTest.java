package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a template may say, and what its paths find. */
@Tag("postgres")
class TemplateStatementsTest {
    private static String record(String id, long version, String data) {
        return TestRecord.of("test:a", id, version, data);
    }

    @Test
    void aPathThatLeadsNowhereIsNull() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table a (id text primary key, deleted boolean, x text, y text, z text)");
            bundle.collection(
                            "test:a",
                            "insert into a values (:#id, :#deleted, :#data.x.y, :#data.items.1.id, :#data.deleted)")
                    .offer(
                            "{\"collection_id\": \"test:a\", \"id\": \"1\"}",
                            "{\"collection_id\": \"test:a\", \"id\": \"2\", \"data\": null, \"deleted\": null}",
                            "{\"collection_id\": \"test:a\", \"id\": \"3\", \"data\": [1, 2], \"deleted\": true}",
                            record("4", 1, "{\"x\": null, \"items\": null}"),
                            record("5", 1, "{\"x\": 5, \"items\": \"text\"}"),
                            record("6", 1, "{\"x\": [{\"y\": 1}], \"items\": [{\"id\": 1}]}"),
                            record("7", 1, "{\"x\": {\"y\": null}, \"items\": [{\"id\": 1}, null, {\"id\": 3}]}"),
                            record(
                                    "8",
                                    1,
                                    "{\"x\": {\"z\": {\"y\": 0}, \"y\": \"\"}, \"items\": [[], {\"id\": {\"id\": 2}}]}"),
                            record("9", 1, "{\"deleted\": true, \"items\": {\"1\": {\"id\": \"by name\"}}}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    List.of(
                            "1|f|~|~|~",
                            "2|f|~|~|~",
                            "3|t|~|~|~",
                            "4|f|~|~|~",
                            "5|f|~|~|~",
                            "6|f|~|~|~",
                            "7|f|~|~|~",
                            "8|f||{\"id\": 2}|~",
                            "9|f|~|by name|true"),
                    bundle.database().rows("select * from a order by id"));
        }
    }

    @Test
    void ofFieldsWithOneNameTheLastCounts() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table a (id text primary key, v bigint, x text, y text, z jsonb)");
            bundle.collection("test:a", "insert into a values (:#id, :#updated_idx, :#data.x, :#data.o.y, :#data.o)")
                    .offer(
                            record("1", 1, "{\"x\": 1, \"x\": 2, \"o\": {\"y\": 1}, \"o\": {\"z\": 2}}"),
                            record("2", 1, "{\"x\": 1, \"x\": null, \"o\": {\"y\": 1}, \"o\": 5}"),
                            record("3", 1, "{\"x\": {}}, \"data\": {\"o\": {\"y\": 1, \"y\": 2}}"),
                            "{\"collection_id\": \"no:such\", \"id\": \"0\", \"deleted\": \"?\", \"updated_idx\": {},"
                                    + " \"collection_id\": \"test:a\", \"id\": \"4\", \"deleted\": true,"
                                    + " \"updated_idx\": 7}",
                            "{\"collection_id\": \"no:such\", \"id\": \"0\", \"updated_idx\": 1}, \"record\": "
                                    + record("5", 8, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    List.of("1|1|2|~|{\"z\": 2}", "2|1|~|~|5", "3|1|~|2|{\"y\": 2}", "4|7|~|~|~", "5|8|~|~|~"),
                    bundle.database().rows("select * from a order by id"));
        }
    }

    @Test
    void nothingOfAnEarlierRecordInOneMessageIsLeft() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(record("1", 1, "{}") + ", \"record\": {\"data\": {}}")
                    .start()
                    .awaitDrained();
            assertEquals(List.of("malformed|~|~"), bundle.deadLetters());
        }
    }

    @Test
    void operatorsCastsQuotedTextAndComments() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table a (id text primary key, a text, b boolean, c int, d text, e text)");
            bundle.collection("test:a", """
                            -- the ids, isn't it: :#no ?
                            insert into a /* :#no /* ? */ ' */ values (
                              :#id,
                              :#data.o::jsonb #>> '{p,q}',
                              (:#data.o::jsonb ? 'p') and :#data.o::jsonb ?| '{x,p}' and :#data.o::jsonb ?& '{p}',
                              length((:#data.o::jsonb -> 'p')::text) + 1,
                              ':#no ? ''' || E'it''s \\' :#no \\\\' || $$ :#no ?' $$ || $x$ $$ :#no $x$ || :#data."a b" || 'x'
                                'y' || '{}',
                              coalesce(:#data.none, :#data."a b") -- :#no
                            )
                            on conflict (id) do update set a = excluded.a || :#data."a b"; -- done;
                            """)
                    .offer(record("1", 1, "{\"o\": {\"p\": {\"q\": \"Q\"}}, \"a b\": \"?\"}"))
                    .start()
                    .awaitDrained();
            String others = "|t|11|:#no ? 'it's ' :#no \\ :#no ?'  $$ :#no ?xy{}|?";
            assertEquals(List.of("1|Q" + others), bundle.database().rows("select * from a"));

            bundle.offer(
                            record("1", 1, "{\"o\": {\"p\": {\"q\": \"R\"}}, \"a b\": \"!\"}"),
                            record("2", 1, "{\"o\": null}"))
                    .awaitDrained();
            assertEquals(
                    List.of("1|R!" + others, "2|~|~|~|~|~"), bundle.database().rows("select * from a order by id"));
        }
    }

    @Test
    void anyStatementWillDo() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("""
                    create table a (x text, y int, primary key (x, y));
                    create table b (id text primary key, v int);
                    create table c (id text primary key, v int);
                    insert into c values ('1', 0), ('2', 0), ('3', 0);""");
            bundle.collection("test:a", "insert into a values (:#id, :#data.v) on conflict do nothing")
                    .collection("test:b", "insert into b values (:#id, :#data.v) on conflict (id) do nothing")
                    .collection("test:c", "update c set v = :#data.v where id = :#id")
                    .start();
            for (int v = 1; v <= 2; v++) {
                for (String id : List.of("1", "2", "4")) {
                    for (String table : List.of("a", "b", "c")) {
                        bundle.offer(TestRecord.of("test:" + table, id, v, "{\"v\": %d}".formatted(v)));
                    }
                }
                bundle.awaitDrained();
                // once more: all are there already
                bundle.offer(TestRecord.of("test:a", "1", 1, "{\"v\": 1}")).awaitDrained();
            }
            assertEquals(
                    List.of("1|1", "1|2", "2|1", "2|2", "4|1", "4|2"),
                    bundle.database().rows("select * from a order by x, y"));
            assertEquals(List.of("1|1", "2|1", "4|1"), bundle.database().rows("select * from b order by id"));
            assertEquals(List.of("1|2", "2|2", "3|0"), bundle.database().rows("select * from c order by id"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Test
    void withoutAVersionTheLaterMessageWins() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            String record = "{\"collection_id\": \"test:a\", \"id\": \"1\", \"data\": {\"v\": %d}}";
            bundle.database().execute("create table a (id text primary key, v int)");
            bundle.collection(
                            "test:a",
                            "insert into a values (:#id, :#data.v) on conflict (id) do update set v = excluded.v")
                    .offer(record.formatted(3), record.formatted(1), record.formatted(2))
                    .start()
                    .awaitDrained();
            assertEquals("1|2", bundle.database().value("select * from a"));
            bundle.offer(record.formatted(0)).awaitDrained();
            assertEquals("1|0", bundle.database().value("select * from a"));
        }
    }

    @Test
    void twoRecordsOfABatchMayMeetInOneRow() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table a (upstream_id text primary key, id text, v bigint)");
            bundle.collection("test:a", """
                    insert into a as t (upstream_id, id, v) values (:#upstream_id, :#id, :#updated_idx)
                    on conflict (upstream_id) do update set id = excluded.id, v = excluded.v
                    where t.v <= excluded.v""");
            for (int i = 0; i < 20; i++) {
                bundle.offer(record("a" + (char) ('a' + i), 5, "{}"));
            }
            // the same row, in this order and the other
            bundle.offer(
                            record("m", 2, "{}"),
                            record("n", 1, "{}").replace("up-n", "up-m"),
                            record("o", 3, "{}").replace("up-o", "up-q"),
                            record("p", 3, "{}").replace("up-p", "up-q"),
                            record("q", 3, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    List.of("up-m|m|2", "up-q|q|3"),
                    bundle.database().rows("select * from a where id >= 'b' order by id"));
            assertEquals("22", bundle.database().value("select count(*) from a"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Test
    void oddNames() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            String longest = "c" + "ü".repeat(31);
            bundle.database()
                    .execute(
                            "create table \"Select\" (\"User\" text primary key, \"order\" int, \"a \"\"b?\" text, %s int)"
                                    .formatted(longest));
            bundle.collection("test:a", """
                            insert into "Select" as "T" ("User", "order", "a ""b?", %1$s)
                            values (:#id, :#data.order, :#data."a ""b?", :#data.%1$s)
                            on conflict ("User") do update set "order" = excluded."order" + "T"."order"
                            """.formatted(longest))
                    .offer(record("1", 1, "{\"order\": 2, \"a \\\"b?\": \"x\", \"%s\": 3}".formatted(longest)))
                    .start()
                    .awaitDrained();
            assertEquals("1|2|x|3", bundle.database().value("select * from \"Select\""));
        }
    }
}
