package io.github.sequinroutes.template;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.sequinroutes.message.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the real server sends of each type goes into a column of the same type, without a cast. */
@Tag("postgres")
class StreamTypesTest {
    private static final Path FOLDER = Path.of("src/test/resources/stream-recordings");

    /** What no message of a change holds, so that no template can write it. */
    private static final String LOST_IN_CHANGES = """
            update expected set
              c_time = date_trunc('second', c_time::interval)::time where c_time <> '24:00';
            update expected set
              c_timetz = (date_trunc('second', c_timetz::time::interval)::time::text || '+00')::timetz;
            update expected set
              c_json = '{"a":[1,2.5,null],"b":1,"big":12345678901234567890}',
              c_jsonb = '{"e": 1e400, "n": 1.5, "big": 12345678901234567000}',
              c_jsonb_arr[2] = null
            where c_smallint = -32768;
            update expected set c_json = null where c_json::text = 'null';
            update expected set c_text_arr = array_replace(c_text_arr, 'NULL', null)""";

    /** The same of a backfill. */
    private static final String LOST_IN_READS = """
            update expected set
              c_timetz = c_timetz at time zone 'UTC',
              c_money = null, c_char = null, c_enum_arr = null, c_int4range = null, c_tsrange = null, c_bit = null,
              c_varbit = null, c_xml = null, c_inet = null, c_cidr = null, c_mac = null, c_point = null, c_composite = null;
            update expected set
              c_json = '{"a":[1,2.5,null],"b":1,"big":12345678901234567890}',
              c_jsonb = '{"e": 1e400, "n": 1.5, "big": 12345678901234567000}',
              c_jsonb_arr[2] = null
            where c_smallint = -32768;
            update expected set c_json = null where c_json::text = 'null'""";

    /** What the table held when the recording was made. */
    private static final String ODD_ROWS = """
            insert into all_types (id, c_text_arr, c_jsonb_arr) values
              (51, array[E'a\\nb', 'NULL', E'\\\\\\\\x', '{}', 'é'], array['{"a": "x,\\"y"}'::jsonb]);
            insert into all_types (id, c_text, c_varchar, c_json) values
              (52, 'unchanged_toast', 'unchanged_toast', '"unchanged_toast"');
            insert into all_types (id, c_interval, c_timetz, c_tstz) values
              (53, '1.5 hours ago', '10:00:00-03', '2024-03-10 07:30:00+00')""";

    private static StreamTable table(String source) throws Exception {
        String ddl = Files.readString(FOLDER.resolve("tables.sql")) + source
                + "; create table target (like all_types including all);"
                + "create table expected as table all_types;";
        String columns = columns();
        String paths = columns.lines().map(name -> ":#record." + name).collect(Collectors.joining(", "));
        String assignments = columns.lines()
                .filter(name -> !name.equals("id"))
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", "));
        return new StreamTable(
                ddl,
                "insert into target (" + columns.replace('\n', ',') + ") values (" + paths
                        + ") on conflict (id) do update set " + assignments);
    }

    private static String columns() throws Exception {
        try (StreamTable table = new StreamTable(Files.readString(FOLDER.resolve("tables.sql")), "select :#id")) {
            return String.join(
                    "\n",
                    table.rows("select attname from pg_attribute where attrelid = 'all_types'::regclass and attnum > 0"
                            + " and attgenerated = '' order by attnum"));
        }
    }

    private static String rows() throws Exception {
        return Files.readString(FOLDER.resolve("rows.sql"));
    }

    private static void assertSame(StreamTable table) throws Exception {
        List<String> names = table.rows("select attname from pg_attribute where attrelid = 'target'::regclass"
                + " and attnum > 0 order by attnum");
        List<Executable> checks = new ArrayList<>();
        for (String name : names) {
            String query = "select id, " + name + "::text from %s order by 1";
            checks.add(() ->
                    assertEquals(table.rows(query.formatted("expected")), table.rows(query.formatted("target")), name));
        }
        assertAll(checks);
        String difference = "select e::text from %s e except select t::text from %s t";
        assertEquals(List.of(), table.rows(difference.formatted("expected", "target")));
        assertEquals(List.of(), table.rows(difference.formatted("target", "expected")));
        assertFalse(table.rows("select 1 from target").isEmpty());
    }

    private static void assertReplicated(List<Message> messages, String source, String losses) throws Exception {
        try (StreamTable table = table(source)) {
            table.write(messages);
            table.database().execute(losses);
            assertSame(table);
            // as an update of rows that are there, too
            table.write(messages);
            assertSame(table);
        }
    }

    @Test
    void changes() throws Exception {
        assertReplicated(StreamTable.recorded("10-types-cdc.http"), rows(), LOST_IN_CHANGES);
    }

    @Test
    void changesBeforeAndAfterARestartOfSequin() throws Exception {
        List<Message> messages = StreamTable.recorded("42-types-before-after-persist.http");
        assertEquals(6, messages.size());
        String source = rows() + "; update all_types set id = id + 30";
        assertReplicated(messages.subList(0, 3), source, LOST_IN_CHANGES);
        assertReplicated(messages.subList(3, 6), source, LOST_IN_CHANGES);
    }

    @Test
    void oddValues() throws Exception {
        assertReplicated(StreamTable.recorded("79-odd-values.http"), ODD_ROWS, LOST_IN_CHANGES);
    }

    @Test
    void aBackfill() throws Exception {
        List<Message> reads = StreamTable.recorded("41-backfill-read.http").stream()
                .filter(message -> message.text().contains("\"action\":\"read\""))
                .toList();
        assertEquals(3, reads.size());
        // the time was changed before the backfill was recorded
        assertReplicated(
                reads, rows() + "; update all_types set c_time = '23:59:59.999999' where id = 3", LOST_IN_READS);
    }

    /** The type of a column, a value of it in a message, and the column's text. */
    private record Value(String type, String json, String expected) {}

    private static void assertValues(Value... values) throws Exception {
        StringBuilder columns = new StringBuilder("id text primary key");
        StringBuilder paths = new StringBuilder(":#record.id");
        StringBuilder record = new StringBuilder("{'id':'1'");
        for (int i = 0; i < values.length; i++) {
            columns.append(", v%d %s".formatted(i, values[i].type));
            paths.append(", :#record.v").append(i);
            record.append(",'v%d':%s".formatted(i, values[i].json));
        }
        String ddl = """
                create extension hstore; create type mood as enum ('so so', 'ok'); create type addr as (street text, zip int);
                create domain span as interval; create domain days as date[]; create table t (%s)""".formatted(columns);
        try (StreamTable table = new StreamTable(ddl, "insert into t values (" + paths + ")")) {
            table.write(StreamTable.message("1", 1, "insert", record + "}", "null"));
            List<Executable> checks = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                Value value = values[i];
                String query = "select v%d::text from t".formatted(i);
                checks.add(() -> assertEquals(List.of(value.expected), table.rows(query), value.type));
            }
            assertAll(checks);
        }
    }

    @Test
    void intervals() throws Exception {
        assertValues(
                new Value(
                        "interval",
                        "{'months':14,'days':3,'microseconds':14706789000}",
                        "1 year 2 mons 3 days 04:05:06.789"),
                new Value("interval", "{'months':-1,'days':2,'microseconds':-500000}", "-1 mons +2 days -00:00:00.5"),
                new Value("interval", "{'months':0,'days':0,'microseconds':-1}", "-00:00:00.000001"),
                new Value(
                        "interval",
                        "{'months':2147483647,'days':-2147483648,'microseconds':7200000000000000}",
                        "178956970 years 7 mons -2147483648 days +2000000:00:00"),
                new Value("interval", "'1 day'", "1 day"),
                new Value("span", "{'months':0,'days':1,'microseconds':0}", "1 day"),
                new Value(
                        "interval[]",
                        "[{'months':0,'days':1,'microseconds':0},null,'2 days']",
                        "{\"1 day\",NULL,\"2 days\"}"),
                new Value("interval[]", "[[{'months':1,'days':0,'microseconds':0}]]", "{{\"1 mon\"}}"),
                new Value("text", "{'months':1}", "{\"months\":1}"),
                new Value("jsonb", "{'months':1}", "{\"months\": 1}"));
    }

    @Test
    void hstoreAndTsvector() throws Exception {
        assertValues(
                new Value(
                        "hstore",
                        "{'a':'1','b c':null,'q\\'':'\\\\x'}",
                        "\"a\"=>\"1\", \"q\\\"\"=>\"\\\\x\", \"b c\"=>NULL"),
                new Value("hstore", "{}", ""),
                new Value("hstore", "'a=>1'", "\"a\"=>\"1\""),
                new Value(
                        "hstore[]",
                        "[{'a':'1'},'b=>2',null]",
                        "{\"\\\"a\\\"=>\\\"1\\\"\",\"\\\"b\\\"=>\\\"2\\\"\",NULL}"),
                new Value(
                        "tsvector",
                        "[{'type':'lexeme','word':'it\\u0027s','positions':[[1,'A'],[3,null]]},"
                                + "{'type':'lexeme','word':'b\\\\','positions':[]}]",
                        "'b\\\\' 'it''s':1A,3"),
                new Value("tsvector", "'a b'", "'a' 'b'"),
                new Value("tsvector[]", "['a b',[{'word':'c','positions':[[2,'B']]}]]", "{\"'a' 'b'\",'c':2B}"));
    }

    @Test
    void timesOutOfTheOrdinary() throws Exception {
        assertValues(
                new Value("timestamptz", "'inf'", "infinity"),
                new Value("timestamp", "'-inf'", "-infinity"),
                new Value("date", "'5881610-07-11'", "infinity"),
                new Value("date", "'-5877611-06-22'", "-infinity"),
                new Value("date", "'-0043-03-15'", "0044-03-15 BC"),
                new Value("date", "'0000-02-29'", "0001-02-29 BC"),
                new Value("date", "'0001-01-01'", "0001-01-01"),
                new Value("date", "'0044-03-15 BC'", "0044-03-15 BC"),
                new Value("timestamp", "'0000-01-01T00:00:00.000000'", "0001-01-01 00:00:00 BC"),
                new Value("timestamptz", "'-4712-01-01T00:00:00.500000Z'", "4713-01-01 00:00:00.5+00 BC"),
                new Value("timestamptz", "'294276-12-31T23:59:59.000000Z'", "294276-12-31 23:59:59+00"),
                new Value(
                        "timestamptz[]",
                        "['inf','-0043-03-15T00:00:00.000000Z',null]",
                        "{infinity,\"0044-03-15 00:00:00+00 BC\",NULL}"),
                new Value("days", "['5881610-07-11','0000-01-01']", "{infinity,\"0001-01-01 BC\"}"),
                new Value("text", "'-0043-03-15'", "-0043-03-15"),
                new Value("double precision", "'-inf'", "-Infinity"),
                new Value("real[]", "['inf','NaN',1.5]", "{Infinity,NaN,1.5}"));
    }

    @Test
    void arrays() throws Exception {
        assertValues(
                new Value("bytea[]", "['\\\\x00ff','\\\\x']", "{\"\\\\x00ff\",\"\\\\x\"}"),
                new Value("bit(4)[]", "['1010']", "{1010}"),
                new Value("mood[]", "['so so','ok']", "{\"so so\",ok}"),
                new Value("addr[]", "['(\\'Main, St\\',1)']", "{\"(\\\"Main, St\\\",1)\"}"),
                new Value("int4range[]", "['[1,5)','empty']", "{\"[1,5)\",empty}"),
                new Value(
                        "uuid[]", "['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"),
                new Value("numeric[][]", "[['1.10','NaN'],['2',null]]", "{{1.10,NaN},{2,NULL}}"),
                new Value("jsonb[][]", "[{'a':[1,2]},[3]]", "{\"{\\\"a\\\": [1, 2]}\",[3]}"),
                new Value("date[][]", "[['inf','0000-01-01']]", "{{infinity,\"0001-01-01 BC\"}}"),
                new Value("money[]", "['$1,234.50']", "{\"$1,234.50\"}"));
    }
}
