package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a JSON value becomes in a column of some type. */
@Tag("postgres")
class TemplateTypesTest {
    /** A value, the type of its column, and the text of that column, {@code ~} for null, or a dead letter's SQLSTATE. */
    private record Value(String type, String json, String expected, String sqlState) {}

    private static Value written(String type, String json, String expected) {
        return new Value(type, json, expected, null);
    }

    private static Value rejected(String type, String json, String sqlState) {
        return new Value(type, json, null, sqlState);
    }

    /** Writes all of the values at once, each type into a table of its own. */
    private static void assertValues(String ddl, Value... values) throws Exception {
        List<String> types = Stream.of(values).map(Value::type).distinct().toList();
        List<Executable> checks = new ArrayList<>();
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute(ddl);
            for (int t = 0; t < types.size(); t++) {
                bundle.database().execute("create table t%d (id text primary key, v %s)".formatted(t, types.get(t)));
                bundle.collection("test:t" + t, """
                        insert into t%d (id, v) values (:#id, :#data.v)
                        on conflict (id) do update set v = excluded.v""".formatted(t));
            }
            List<String> deadLetters = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                Value value = values[i];
                String id = "%04d".formatted(i);
                int table = types.indexOf(value.type);
                bundle.offer(TestRecord.of("test:t" + table, id, 1, "{\"v\": " + value.json + "}"));
                if (value.sqlState != null) {
                    deadLetters.add("rejected|" + value.sqlState + "|" + id);
                } else {
                    String query = "select v::text from t" + table + " where id = '" + id + "'";
                    checks.add(() -> assertEquals(
                            List.of(value.expected), bundle.database().rows(query), value.type));
                }
            }
            checks.add(() -> assertEquals(deadLetters, bundle.deadLetters()));
            bundle.start().awaitDrained();
            assertAll(checks);
        }
    }

    @Test
    void numbersKeepTheirDigits() throws Exception {
        assertValues(
                "",
                written("bigint", "9007199254740993", "9007199254740993"),
                written("bigint", "\"-9223372036854775808\"", "-9223372036854775808"),
                written("numeric", "9007199254740993", "9007199254740993"),
                written("numeric", "1e400", "1" + "0".repeat(400)),
                written("numeric", "0.1", "0.1"),
                written("numeric", "1.50", "1.50"),
                written("numeric", "-0.00", "0.00"),
                written("numeric(5, 1)", "1.25", "1.3"),
                written("text", "1.50", "1.50"),
                written("text", "1e400", "1e400"),
                written("text", "true", "true"),
                written("double precision", "0.1", "0.1"),
                rejected("bigint", "9223372036854775808", "22003"),
                rejected("bigint", "1.5", "22P02"));
    }

    @Test
    void jsonStaysWhatItWas() throws Exception {
        List<Value> values = new ArrayList<>();
        for (String type : List.of("jsonb", "json")) {
            for (String json : List.of(
                    "\"123\"",
                    "\"null\"",
                    "\"{}\"",
                    "\"true\"",
                    "\"\"",
                    "\"a\\\"b\\\\c\"",
                    "123",
                    "1.50",
                    "9007199254740993",
                    "true",
                    "false",
                    "{}",
                    "[]",
                    "[1, \"x\", null, {\"a\": [{}]}]",
                    "{\"a\": {\"b\": 1.0}}")) {
                values.add(written(type, json, json));
            }
            values.add(written(type, "null", "~"));
        }
        values.add(written("json", "{\"b\" :1,  \"a\":\"\\u00e9\"}", "{\"b\" :1,  \"a\":\"\\u00e9\"}"));
        values.add(written("jsonb", "{\"b\" :1,  \"a\":\"\\u00e9\"}", "{\"a\": \"é\", \"b\": 1}"));
        values.add(written("text", "{\"b\" :1,  \"a\":\"\\u00e9\"}", "{\"b\" :1,  \"a\":\"\\u00e9\"}"));
        values.add(written("text", "[1,\"x\"]", "[1,\"x\"]"));
        values.add(written("text", "\"{}\"", "{}"));
        assertValues("", values.toArray(Value[]::new));
    }

    @Test
    void jsonArraysBecomeArrays() throws Exception {
        List<String> many = IntStream.range(0, 9_000).mapToObj(i -> "x😀" + i).toList();
        assertValues(
                "",
                written(
                        "text[]",
                        "[\"a\\\"b\", \"c\\\\d\", \"e,f\", \"{g}\", null, \"NULL\", \"\", \"ü😀\", \" \", \"'\", 1.50]",
                        "{\"a\\\"b\",\"c\\\\d\",\"e,f\",\"{g}\",NULL,\"NULL\",\"\",ü😀,\" \",',1.50}"),
                written("text[]", "[]", "{}"),
                written("text[]", "null", "~"),
                written("text[]", "\"{a,b}\"", "{a,b}"),
                written("text[]", "[{\"a\": \"b\"}]", "{\"{\\\"a\\\": \\\"b\\\"}\"}"),
                written(
                        "text[]",
                        many.stream().collect(Collectors.joining("\",\"", "[\"", "\"]")),
                        many.stream().collect(Collectors.joining(",", "{", "}"))),
                written("integer[]", "[1, null, \"3\"]", "{1,NULL,3}"),
                written("integer[][]", "[[1, 2], [3, null]]", "{{1,2},{3,NULL}}"),
                written("integer[][]", "[[], []]", "{}"),
                written("numeric[]", "[1.50, 9007199254740993.10, null]", "{1.50,9007199254740993.10,NULL}"),
                written("boolean[]", "[true, false]", "{t,f}"),
                written(
                        "jsonb[]",
                        "[{\"a\": \"b\"}, [1, [2]], \"x\", \"123\", null, 5, true]",
                        "{\"{\\\"a\\\": \\\"b\\\"}\",\"[1, [2]]\",\"\\\"x\\\"\",\"\\\"123\\\"\",NULL,5,true}"),
                written("json[]", "[\"null\", []]", "{\"\\\"null\\\"\",[]}"),
                rejected("integer[]", "[1, \"x\"]", "22P02"),
                rejected("integer[]", "[1, [2]]", "22P02"),
                rejected("integer[]", "7", "22P02"),
                rejected("integer[]", "[".repeat(20_000) + "1" + "]".repeat(20_000), "54000"));
    }

    @Test
    void textBecomesWhatTheColumnIs() throws Exception {
        assertValues(
                "create type \"Mood\" as enum ('so so', 'Good')",
                written("timestamptz", "\"2026-03-29T02:30:00\"", "2026-03-29 02:30:00+00"),
                written("timestamptz", "\"2026-01-02T03:04:05.123456+02:00\"", "2026-01-02 01:04:05.123456+00"),
                written("timestamptz", "\"2026-01-02 03:04:05Z\"", "2026-01-02 03:04:05+00"),
                written("timestamptz", "\"infinity\"", "infinity"),
                written("timestamp", "\"2026-01-02T03:04:05\"", "2026-01-02 03:04:05"),
                written("date", "\"2026-02-28\"", "2026-02-28"),
                written("uuid", "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
                written("boolean", "true", "true"),
                written("boolean", "\"off\"", "false"),
                written("inet", "\"192.168.0.1/24\"", "192.168.0.1/24"),
                written("bytea", "\"\\\\xCAFE\"", "\\xcafe"),
                written("\"Mood\"", "\"so so\"", "so so"),
                written("\"Mood\"[]", "[\"so so\", \"Good\"]", "{\"so so\",Good}"),
                rejected("date", "\"2026-02-29\"", "22008"),
                rejected("timestamptz", "\"yesterday noonish\"", "22007"),
                rejected("uuid", "\"x\"", "22P02"),
                rejected("\"Mood\"", "\"good\"", "22P02"));
    }

    @Test
    void aDomainIsWhatItIsMadeOf() throws Exception {
        assertValues(
                """
                create schema other;
                create domain other.doc as jsonb;
                create domain "Doc" as jsonb check (value <> 'false');
                create domain doc2 as "Doc";
                create domain code as text check (value ~ '^[A-Z0-9]+$');
                create domain tags as text[];""",
                written("other.doc", "\"123\"", "\"123\""),
                written("other.doc[]", "[\"123\", {}]", "{\"\\\"123\\\"\",\"{}\"}"),
                written("\"Doc\"", "\"123\"", "\"123\""),
                written("\"Doc\"", "{\"a\": 1}", "{\"a\": 1}"),
                written("doc2", "\"null\"", "\"null\""),
                written("doc2[]", "[\"1\"]", "{\"\\\"1\\\"\"}"),
                written("code", "\"123\"", "123"),
                written("code", "456", "456"),
                written("tags", "[\"a b\", \"c\"]", "{\"a b\",c}"),
                rejected("\"Doc\"", "false", "23514"),
                rejected("code", "\"abc\"", "23514"));
    }

    @Test
    void anyTextThatUtf8CanExpressIsKept() throws Exception {
        String text = "😀👩‍👩‍👧 שלום مرحبا e\u0301 \u202e ZW\u200bJ \uffff 𝒳 ''\\n";
        String json = "\"" + text.replace("\\", "\\\\") + "\"";
        assertValues(
                "",
                written("text", json, text),
                written("text", "\"\\ud83d\\ude00\"", "😀"),
                written("jsonb", json, json),
                written("text[]", "[\"\\ud83d\\ude00\"]", "{😀}"),
                written("json", "\"\\u0000\"", "\"\\u0000\""),
                rejected("text", "\"a\\u0000b\"", "22021"),
                rejected("text", "\"\\ud800\"", "22021"),
                rejected("text", "\"\\udc00\\ud800 x\"", "22021"),
                rejected("text[]", "[\"\\u0000\"]", "22021"),
                rejected("text[]", "[\"x\", \"\\ud800\"]", "22021"),
                rejected("jsonb", "\"\\u0000\"", "22P05"),
                rejected("jsonb", "{\"a\": \"\\u0000\"}", "22P05"),
                rejected("jsonb", "\"\\ud800\"", "22P02"),
                rejected("jsonb", "[\"\\udc00\"]", "22P02"),
                rejected("jsonb", "NaN", "22P02"),
                rejected("jsonb", "[".repeat(50_000) + "]".repeat(50_000), "54001"));
    }
}
