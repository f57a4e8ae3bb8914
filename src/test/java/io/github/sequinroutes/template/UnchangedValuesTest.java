package io.github.sequinroutes.template;

import static io.github.sequinroutes.template.StreamTable.message;
import static io.github.sequinroutes.template.StreamTable.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text "unchanged_toast" in place of a value leaves the stored value alone. */
@Tag("postgres")
class UnchangedValuesTest {
    private static final String MISSING = "'unchanged_toast'";
    private static final String ITEMS = """
            create table t (id int primary key, name text, body text not null check (body <> ''), lsn bigint);
            insert into t select i, 'old', 'body' || i, 1 from generate_series(1, 5) i""";

    private static final String GUARDED = """
            insert into t as a (id, name, body, lsn)
            values (:#record.id, :#record.name, :#record.body, :#metadata.commit_lsn)
            on conflict (id) do update set name = excluded.name, body = excluded.body, lsn = excluded.lsn
            where a.lsn is null or a.lsn <= excluded.lsn""";

    private static Message item(int id, int version, String name, String body) {
        return update("" + id, version, "{'id':%d,'name':'%s','body':%s}".formatted(id, name, body));
    }

    private static void assertFault(String expected, StreamTable table, Message... messages) {
        RecordFaultException fault = assertThrows(RecordFaultException.class, () -> table.write(messages));
        assertTrue(fault.getMessage().contains(expected), fault.getMessage());
    }

    @Test
    void inABatchWhereSomeRowsHaveItAndOthersNot() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED)) {
            table.write(
                    item(1, 2, "new", MISSING),
                    item(2, 2, "new", "'two'"),
                    item(3, 2, "new", MISSING),
                    message("4", 2, "insert", "{'id':4,'name':'new','body':'four'}", "null"),
                    item(5, 2, "new", MISSING));
            assertEquals(
                    List.of("1|new|body1|2", "2|new|two|2", "3|new|body3|2", "4|new|four|2", "5|new|body5|2"),
                    table.rows("select * from t order by id"));
        }
    }

    private static boolean hasMultiranges() throws Exception {
        TestDatabase database = new TestDatabase();
        try {
            return database.majorVersion() >= 14;
        } finally {
            database.drop();
        }
    }

    @Test
    void forEveryColumnTypeNotNullIncluded() throws Exception {
        List<String> types = List.of(
                "text",
                "varchar(900)",
                "jsonb",
                "json",
                "xml",
                "bytea",
                "int[]",
                "text[]",
                "jsonb[]",
                "numeric",
                "hstore",
                "tsvector",
                hasMultiranges() ? "int4multirange" : "int4range[]",
                "mood[]",
                "addr",
                "interval[]",
                "varbit",
                "uuid[]",
                "path",
                "longname");
        List<String> values = List.of(
                "'text'",
                "'vc'",
                "'{\"a\": 1}'",
                "'{\"b\" : 1}'",
                "'<a/>'",
                "'\\x00ff'",
                "'{1,2}'",
                "'{\"a b\",NULL}'",
                "array['1'::jsonb]",
                "1.50",
                "'a=>1'",
                "'a b'",
                hasMultiranges() ? "'{[1,3)}'" : "array['[1,3)'::int4range]",
                "'{sad}'",
                "row('x', 1)",
                "'{1 day}'",
                "B'101'",
                "'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'",
                "'[(0,0),(1,1)]'",
                "'abc'");
        StringBuilder ddl = new StringBuilder("create extension hstore; create type mood as enum ('sad');"
                + " create type addr as (street text, zip int); create domain longname as text check (value <> '');"
                + " create table t (id int primary key, n int");
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            ddl.append(", v%d %s not null".formatted(i, types.get(i)));
            columns.add("v" + i);
        }
        ddl.append("); insert into t values (1, 0, ")
                .append(String.join(", ", values))
                .append(");");
        String template = "insert into t (id, n, " + String.join(", ", columns) + ") values (:#record.id, :#record.n, "
                + columns.stream().map(column -> ":#record." + column).collect(Collectors.joining(", "))
                + ") on conflict (id) do update set n = excluded.n, "
                + columns.stream()
                        .map(column -> column + " = excluded." + column)
                        .collect(Collectors.joining(", "));
        try (StreamTable table = new StreamTable(ddl + "create table before as table t", template)) {
            table.write(update(
                    "1",
                    2,
                    "{'id':1,'n':7"
                            + columns.stream()
                                    .map(column -> ",'" + column + "':" + MISSING)
                                    .collect(Collectors.joining())
                            + "}"));
            assertEquals("7", table.database().value("select n from t"));
            assertEquals(
                    table.rows("select " + String.join(",", columns) + " from before"),
                    table.rows("select " + String.join(",", columns) + " from t"));
        }
    }

    @Test
    void ofARowThatIsNotThereTheRecordIsAtFaultAndTheOthersAreKnown() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED)) {
            Message first = item(8, 2, "new", MISSING);
            Message second = item(9, 2, "new", MISSING);
            RecordFaultException fault = assertThrows(
                    RecordFaultException.class, () -> table.write(item(1, 2, "new", MISSING), first, second));
            assertEquals(
                    List.of(first, second),
                    fault.all().stream().map(RecordFaultException::message).toList());
            assertEquals(
                    "the row is not there, and the message lacks the value of body, which has not changed: backfill the"
                            + " table, or set the replica identity of the source's table to full; then replay this message",
                    fault.getMessage());
            assertEquals(List.of("5"), table.rows("select count(*) from t where name = 'old'"));
        }
    }

    @Test
    void anOlderVersionIsKeptOutByTheGuard() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED)) {
            table.write(item(1, 0, "older", MISSING), item(2, 0, "older", MISSING), item(3, 2, "new", MISSING));
            assertEquals(
                    List.of("1|old|body1|1", "2|old|body2|1", "3|new|body3|2"),
                    table.rows("select * from t where id < 4 order by id"));
        }
    }

    @Test
    void oneByOneAsWell() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED)) {
            table.write(List.of(item(1, 2, "new", MISSING), item(2, 0, "older", MISSING)), false);
            assertEquals(
                    List.of("1|new|body1|2", "2|old|body2|1"), table.rows("select * from t where id < 3 order by id"));
        }
    }

    @Test
    void whatAnOlderMessageOfTheBatchSaysIsNotLost() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED)) {
            table.write(
                    message("9", 2, "insert", "{'id':9,'name':'a','body':'nine'}", "null"),
                    item(9, 3, "b", MISSING),
                    item(9, 4, "c", MISSING),
                    item(1, 2, "a", "'one'"),
                    item(1, 3, "b", MISSING));
            assertEquals(
                    List.of("1|b|one|3", "9|c|nine|4"), table.rows("select * from t where id in (1, 9) order by id"));
        }
    }

    @Test
    void aRealTextOfThisValueIsWrittenWhereTheServerLetsOneTell() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED)) {
            table.write(
                    message("1", 2, "update", "{'id':1,'name':'x','body':'unchanged_toast'}", "{'name':'old'}"),
                    message("6", 2, "insert", "{'id':6,'name':'x','body':'unchanged_toast'}", "null"),
                    message("7", 2, "read", "{'id':7,'name':'x','body':'unchanged_toast'}", "null"));
            assertEquals(List.of("3"), table.rows("select count(*) from t where body = 'unchanged_toast'"));
        }
    }

    @Test
    void theRowMayHaveBecomeNewerThanItWasWhenItWasRead() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED.replaceFirst("where a.lsn.*", ""));
                Connection other = table.database().connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("update t set body = 'newer' where id = 1");
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    table.write(item(1, 2, "new", MISSING));
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            org.awaitility.Awaitility.await()
                    .until(() -> !table.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                                    + " and datname = current_database()")
                            .isEmpty());
            other.commit();
            written.join();
            assertEquals(List.of("1|new|newer|2"), table.rows("select * from t where id = 1"));
        }
    }

    @Test
    void quotedNamesASchemaAnAliasAndAConstraint() throws Exception {
        String ddl = """
                create schema "My Shop";
                create table "My Shop"."Order Items" ("Tenant" int, code text, "Body" jsonb not null, note text,
                  constraint "The Key" primary key (code, "Tenant"));
                insert into "My Shop"."Order Items" values (1, 'a', '{"x": 1}', 'n')""";
        String values = """
                values (:#record."Tenant", upper(:#record.code), :#record."Body", :#record.note /* , ) */)
                on conflict on constraint "The Key" do update set "Body" = EXCLUDED."Body", NOTE = excluded.note -- end""";
        for (String into : List.of(
                "Insert Into \"My Shop\" . \"Order Items\" As \"T\" (\"Tenant\", CODE, \"Body\", note) ",
                "insert into \"My Shop\".\"Order Items\" ")) {
            try (StreamTable table = new StreamTable(ddl.replace("'a'", "'A'"), into + values + "\n")) {
                table.write(update("1", 2, "{'Tenant':1,'code':'a','Body':" + MISSING + ",'note':'new'}"));
                assertEquals(List.of("1|A|{\"x\": 1}|new"), table.rows("select * from \"My Shop\".\"Order Items\""));
                assertEquals(
                        List.of(List.of("record", "code"), List.of("record", "Tenant")),
                        table.statement().keyPaths());
            }
        }
    }

    @Test
    void expressionsOfWhatHasNotChanged() throws Exception {
        String ddl = """
                create table t (id int primary key, doc jsonb not null, title text, search text, size int, log text default 'x',
                  kind text);
                insert into t values (1, '{"title": "A"}', 'A', 'n {"title": "A"}', 14, 'old')""";
        String template = """
                insert into t (id, doc, title, search, size, log, kind)
                values (:#record.id, :#record.doc, coalesce(:#record.doc.title, '?'),
                  :#record.name || ' ' || (:#record.doc)::text, length((:#record.doc)::jsonb::text), default, 'k')
                on conflict (id) do update set doc = excluded.doc, title = excluded.title, search = excluded.search,
                  size = excluded.size, log = t.log || (:#record.doc::jsonb ->> 'title'), kind = coalesce(:#record.doc.kind, 'none')
                where t.doc is not distinct from excluded.doc or t.doc is distinct from :#record.doc""";
        try (StreamTable table = new StreamTable(ddl, template)) {
            table.write(update("1", 2, "{'id':1,'doc':" + MISSING + ",'name':'new'}"));
            assertEquals(
                    List.of("1|{\"title\": \"A\"}|A|new {\"title\": \"A\"}|14|oldA|~"), table.rows("select * from t"));
        }
    }

    @Test
    void doNothingNeedsNoMoreThanTheRow() throws Exception {
        String template = "insert into t (id, name, body) values (:#record.id, :#record.name, :#record.body)"
                + " on conflict (id) do nothing returning id";
        try (StreamTable table = new StreamTable(ITEMS, template.replace(" returning id", ""))) {
            table.write(item(1, 2, "new", MISSING));
            assertEquals(List.of("1|old|body1|1"), table.rows("select * from t where id = 1"));
            assertFault("the row is not there", table, item(9, 2, "new", MISSING));
        }
    }

    @Tag("long")
    @Test
    void nothingStandsInItsPlace() throws Exception {
        String[][] cases = {
            {"insert into t (id, body) values (:#record.id, :#record.body)", "t.sql:1:1: "},
            {"insert into t (id, body) select :#record.id, :#record.body", "t.sql:1:26: a value that Sequin leaves out"
            },
            {"update t set\n  body = :#record.body where id = :#record.id", "t.sql:1:1: a value that Sequin leaves out"
            },
            {
                "insert into t (id, body) values (:#record.id,\n  :#record.name || :#record.body)\n"
                        + "on conflict (id) do update set body = excluded.body",
                "t.sql:2:20: the value of column body has not changed"
            },
            {
                "insert into t (id, body) values (:#record.id, :#record)\non conflict (id) do update set body = excluded.body",
                "t.sql:1:47: the record as a whole lacks a value"
            },
            {
                "insert into t (id, name) values (:#record.id, :#record.name)\n"
                        + "on conflict (id) do update set name = excluded.name where t.body <> :#record.body",
                "t.sql:2:69: the value of column body"
            },
            {
                "insert into t (id, body) values (:#record.body, :#record.body)\n"
                        + "on conflict (id) do update set body = excluded.body",
                "t.sql:2:1: a value that Sequin leaves out"
            },
        };
        for (String[] each : cases) {
            try (StreamTable table = new StreamTable(ITEMS.replace("id int", "id text"), each[0])) {
                assertFault(each[1], table, item(1, 2, "new", MISSING));
                assertFault("replica identity", table, item(1, 2, "new", MISSING));
            }
        }
    }

    @Test
    void aBatchOfThousandsIsFewRoundTrips() throws Exception {
        String ddl = "create table t (id int primary key, name text, body text not null, lsn bigint);"
                + " insert into t select i, 'old', 'body' || i, 1 from generate_series(1, 3000) i";
        try (StreamTable table = new StreamTable(ddl, GUARDED)) {
            table.write(IntStream.rangeClosed(1, 3000)
                    .mapToObj(i -> item(i, i % 3, "new", i % 2 == 0 ? MISSING : "'x'"))
                    .toList());
            assertEquals(
                    List.of("500|500"),
                    table.rows("select count(*) filter (where id % 3 = 1), count(*) filter (where id % 3 = 2) from t"
                            + " where id % 2 = 0 and name = 'new' and body = 'body' || id"));
        }
    }

    /** The driver makes one statement of a batch of inserts with values, and then no longer knows what each has done. */
    @Test
    void whatEachRecordHasDoneIsKnownThoughTheDriverRewritesBatches() throws Exception {
        String template = GUARDED.replace(
                "(:#record.id, :#record.name,",
                "(:#record.id, :#record.name || (select max(v) from (values ('!'), ('?')) as x (v)),");
        try (StreamTable table = new StreamTable(ITEMS, template)) {
            Message missing = item(9, 2, "new", MISSING);
            RecordFaultException fault = assertThrows(
                    RecordFaultException.class,
                    () -> table.write(item(1, 2, "new", MISSING), missing, item(2, 0, "old", MISSING)));
            assertEquals(
                    List.of(missing),
                    fault.all().stream().map(RecordFaultException::message).toList());
            table.write(item(1, 2, "new", MISSING), item(2, 0, "older", MISSING), item(3, 2, "new", MISSING));
            assertEquals(
                    List.of("1|new?|body1|2", "2|old|body2|1", "3|new?|body3|2"),
                    table.rows("select * from t where id < 4 order by id"));
        }
    }

    @Test
    void aTypeThatChangesMeanwhileIsNoticed() throws Exception {
        try (StreamTable table = new StreamTable(ITEMS, GUARDED)) {
            table.write(item(1, 2, "new", MISSING));
            table.database()
                    .execute(
                            "alter table t alter name type text[] using array[name],"
                                    + " alter id type text, drop constraint t_body_check, alter body type jsonb using to_jsonb(body)");
            table.write(update("2", 2, "{'id':'2','name':['a'],'body':" + MISSING + "}"));
            assertEquals(
                    List.of("1|{new}|\"body1\"|2", "2|{a}|\"body2\"|2"),
                    table.rows("select * from t where id in ('1', '2') order by id"));
        }
    }

    @Test
    void aCompositeKeyAndOtherMessagesAreNotMixedUp() throws Exception {
        String ddl = "create table t (a int, b text, v text not null, w text, primary key (a, b));"
                + " insert into t values (1, 'x', 'v1', 'w1'), (1, 'y', 'v2', 'w2'), (2, 'x', 'v3', 'w3')";
        String template = "insert into t values (:#record.a, :#record.b, :#record.v, :#record.w)"
                + " on conflict (b, a) do update set v = excluded.v, w = excluded.w";
        String row = "{'a':%d,'b':'%s','v':%s,'w':%s}";
        try (StreamTable table = new StreamTable(ddl, template)) {
            table.write(
                    update("1x", 2, row.formatted(1, "x", MISSING, "'W'")),
                    update("1y", 2, row.formatted(1, "y", "'V'", MISSING)),
                    update("2x", 2, row.formatted(2, "x", MISSING, MISSING)));
            assertEquals(List.of("1|x|v1|W", "1|y|V|w2", "2|x|v3|w3"), table.rows("select * from t order by a, b"));
        }
    }

    @Test
    void aDeletionWithNothingButTheKeyMarksTheRowAndKeepsItsValues() throws Exception {
        String ddl = "create table t (id int primary key, name text, body text not null, deleted boolean, lsn bigint);"
                + " insert into t values (1, 'old', 'body', false, 1), (2, 'old', 'body', false, 9)";
        String template = """
                insert into t as a (id, name, body, deleted, lsn)
                values (:#record.id, :#record.name, :#record.body, :#action = 'delete', :#metadata.commit_lsn)
                on conflict (id) do update set name = excluded.name, body = excluded.body, deleted = excluded.deleted,
                  lsn = excluded.lsn where a.lsn <= excluded.lsn""";
        String keyOnly = "{'body':null,'id':%d,'name':null}";
        try (StreamTable table = new StreamTable(ddl, template)) {
            table.write(
                    message("1", 5, "delete", keyOnly.formatted(1), "null"),
                    message("2", 5, "delete", keyOnly.formatted(2), "null"));
            assertEquals(List.of("1|old|body|t|5", "2|old|body|f|9"), table.rows("select * from t order by id"));
            // an update sets null what is null
            table.write(message("1", 6, "update", "{'body':'x','id':1,'name':null}", "{}"));
            assertEquals(List.of("1|~|x|f|6"), table.rows("select * from t where id = 1"));
            table.database().execute("alter table t alter body drop not null");
            table.write(message("3", 5, "delete", keyOnly.formatted(3), "null"));
            assertEquals(List.of("3|~|~|t|5"), table.rows("select * from t where id = 3"));
        }
    }

    /** Only another row can be updated under the key of a deleted one: it has moved there, and has values of its own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "boolean | :#action = 'delete' | excluded.mark",
                "boolean | (:#action = 'delete') | excluded.mark",
                "boolean | 'delete' = :#action | excluded.mark",
                "boolean | :#action <> 'delete' | excluded.mark",
                "text | :#action | excluded.mark",
                "timestamptz | case when :#action = 'delete' then now() end | excluded.mark",
                "int | case when :#action = 'delete' then 1 else null end | excluded.mark"
            })
    void aDeletedRowKeepsNothingForTheOneThatGetsItsKey(String type, String mark, String assigned) throws Exception {
        String ddl = "create table t (id int primary key, name text, body text, lsn bigint, mark " + type + ")";
        String template = """
                insert into t as a (id, name, body, lsn, mark)
                values (:#record.id, :#record.name, :#record.body, :#metadata.commit_lsn, %s)
                on conflict (id) do update set name = excluded.name, body = excluded.body, lsn = excluded.lsn, mark = %s
                where a.lsn is null or a.lsn <= excluded.lsn""".formatted(mark, assigned);
        String whole = "{'id':%d,'name':'n','body':'B'}";
        String key = "{'id':%d,'name':null,'body':null}";
        try (StreamTable table = new StreamTable(ddl, template)) {
            table.write(
                    message("1", 1, "insert", whole.formatted(1), "null"),
                    message("2", 1, "insert", whole.formatted(2), "null"),
                    message("3", 1, "insert", whole.formatted(3), "null"));
            table.write(
                    message("1", 5, "delete", key.formatted(1), "null"),
                    message("2", 5, "delete", key.formatted(2), "null"));
            String rows = "select id, name, body, lsn from t order by id";
            List<String> deleted = table.rows(rows);
            assertFault("a deleted row with this key", table, item(1, 6, "m", MISSING), item(3, 6, "m", MISSING));
            assertEquals(deleted, table.rows(rows));
            // what comes again from before the deletion is old, and no fault
            table.write(item(1, 4, "m", MISSING), item(2, 3, "m", MISSING), item(3, 6, "m", MISSING));
            assertEquals(List.of("1|n|B|5", "2|n|B|5", "3|m|B|6"), table.rows(rows));
            table.write(item(1, 6, "m", "'whole'"), message("2", 6, "delete", key.formatted(2), "null"));
            table.write(item(1, 7, "o", MISSING));
            assertEquals(List.of("1|o|whole|7", "2|n|B|6", "3|m|B|6"), table.rows(rows));
        }
    }

    @Tag("long")
    @Test
    void anyOtherTemplateTakesADeletionAsItIs() throws Exception {
        for (String template : List.of(
                "delete from t where id = :#record.id and :#record.name::text is null",
                "update t set body = coalesce(:#record.name, '') where id = :#record.id",
                "insert into t (id, name) values (-(:#record.id::int), :#record.name)",
                "insert into t (id, body) values (:#record.id, :#record.name || :#action)"
                        + " on conflict (id) where true do update set body = excluded.body")) {
            try (StreamTable table = new StreamTable(
                    "create table t (id int primary key, name text, body text); insert into t values (1, 'n', 'b')",
                    template)) {
                table.write(message("1", 5, "delete", "{'id':1,'name':null}", "null"));
                assertEquals(
                        List.of(),
                        table.rows("select * from t where id = 1 and name = 'n' and body = 'b'"
                                + " and (select count(*) from t) = 1"));
            }
        }
    }
}
