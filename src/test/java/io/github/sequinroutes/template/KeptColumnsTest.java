package io.github.sequinroutes.template;

import static io.github.sequinroutes.template.StreamTable.message;
import static io.github.sequinroutes.template.StreamTable.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which columns of a row keep their values, and which are computed anew, if a message leaves out what they are made of. */
@Tag("postgres")
class KeptColumnsTest {
    private static final String TABLE =
            "create table items (id int primary key, name text, body text, other text, lsn bigint,"
                    + " deleted boolean, doc jsonb)";

    /** The columns that a template writes, in this order, with their values in the templates below. */
    private static final Map<String, String> VALUES = Map.of(
            "id", ":#record.id",
            "name", ":#record.name",
            "body", ":#record.body",
            "lsn", ":#metadata.commit_lsn",
            "deleted", ":#action = 'delete'",
            "doc", ":#record");

    private static String row(String name, String body) {
        return "{'id':1,'name':'%s','body':'%s'}".formatted(name, body);
    }

    /** {@code other} is a column and its value, the others have those above. */
    private static String template(String columns, String other, String tail) {
        List<String> names = Arrays.asList(columns.split(" "));
        List<String> values = names.stream()
                .map(name -> name.equals("other") ? other : VALUES.get(name))
                .toList();
        return "insert into items as t (" + String.join(", ", names) + ")\nvalues (" + String.join(", ", values)
                + ")\non conflict (id) do " + tail;
    }

    private static StreamTable table(String template) throws Exception {
        StreamTable table = new StreamTable(TABLE, template);
        table.write(message("1", 10, "insert", row("a", "v1"), "null"));
        table.write(update("1", 11, row("b", "v2")));
        return table;
    }

    private static Message lacking() {
        return update("1", 12, row("c", "unchanged_toast"));
    }

    static Stream<String[]> updates() {
        String bodyOfRow = "update set name = excluded.name, body = excluded.body";
        String summary = ":#record.name || ':' || :#record.body";
        return Stream.of(
                // the first copy is never updated, wherever its name stands in any order
                new String[] {template("id name other body", VALUES.get("body"), bodyOfRow), "c|v2|v1"},
                new String[] {
                    template(
                            "id name other body",
                            VALUES.get("body"),
                            "update set name = :#record.name, body = :#record.body"),
                    "c|v2|v1"
                },
                new String[] {
                    template(
                            "id name other",
                            VALUES.get("body"),
                            "update set name = :#record.name, body = :#record.body"),
                    "c|v2|v1"
                },
                // what is made of it alone
                new String[] {
                    template("id name body", null, "update set name = excluded.name, body = excluded.body || '!'"),
                    "c|v2!|~"
                },
                new String[] {
                    template(
                            "id name other",
                            "upper(:#record.body)",
                            "update set name = excluded.name, other = excluded.other"),
                    "c|~|V2"
                },
                // what is made of it and of what has changed, beside a copy
                new String[] {
                    template("id other name body", summary, bodyOfRow + ", other = excluded.other"), "c|v2|c:v2"
                },
                new String[] {
                    template("id name body", null, bodyOfRow + ", other = :#record.body || excluded.name"), "c|v2|v2c"
                },
                new String[] {
                    template("id name body", null, bodyOfRow + ", other = excluded.body || :#record.name"), "c|v2|v2c"
                },
                new String[] {
                    template(
                            "id name body lsn",
                            null,
                            bodyOfRow + ", other = case when (t.name, t.body) is distinct from"
                                    + " (excluded.name, excluded.body) then excluded.lsn::text else t.other end"),
                    "c|v2|12"
                },
                // what is added to the row
                new String[] {
                    template(
                            "id name body other",
                            VALUES.get("body"),
                            bodyOfRow + ", other = t.other || ',' || excluded.other"),
                    "c|v2|v1,v2"
                },
                new String[] {
                    template(
                            "id name other",
                            VALUES.get("body"),
                            "update set name = excluded.name, other = t.other || excluded.name || excluded.other"),
                    "c|~|v1bv2"
                },
                // forms in which nothing but the value arrives
                new String[] {
                    template(
                            "id name body other",
                            summary,
                            "update set (name, body, other) = (excluded.name, excluded.body, excluded.other)"),
                    "c|v2|c:v2"
                },
                new String[] {
                    template(
                            "id name body other",
                            summary,
                            "update set (name, body) = row (excluded.name, excluded.body), other = excluded.other"
                                    + " where (t.name, t.body) is distinct from (excluded.name, excluded.body)"),
                    "c|v2|c:v2"
                },
                new String[] {
                    template(
                            "id name body other",
                            summary,
                            "update set (name, other) = (select excluded.name, excluded.other), body = excluded.body"),
                    "c|v2|c:v2"
                },
                new String[] {
                    template(
                            "id name body other",
                            summary,
                            "update set name = excluded.name, other = excluded.other,"
                                    + " body = coalesce(excluded.body, t.body) where t.body is not distinct from excluded.body"
                                    + " or t.name is distinct from excluded.name"),
                    "c|v2|c:v2"
                },
                new String[] {
                    template(
                            "id name body other deleted",
                            summary,
                            "update set name = excluded.name, other = excluded.other, deleted = excluded.deleted,"
                                    + " body = case when excluded.deleted then t.body else excluded.body end"),
                    "c|v2|c:v2"
                },
                new String[] {template("id name body other", summary, "nothing"), "a|v1|a:v1"});
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("updates")
    void ofAnUpdateThatLeavesOutABody(String template, String expected) throws Exception {
        try (StreamTable table = table(template)) {
            table.write(lacking());
            assertEquals(List.of(expected), table.rows("select name, body, other from items"));
        }
    }

    static Stream<String[]> faults() {
        String summary = ":#record.name || ':' || :#record.body";
        return Stream.of(
                // the stored body is another than that of the source
                new String[] {
                    template(
                            "id name body other",
                            summary,
                            "update set name = excluded.name, body = left(excluded.body, 1), other = excluded.other"),
                    "t.sql:2:76: "
                },
                new String[] {
                    template(
                            "id name body other deleted",
                            summary,
                            "update set name = excluded.name, other = excluded.other,"
                                    + " body = case when excluded.name = 'c' then t.body else excluded.body end"),
                    "t.sql:2:76: "
                },
                new String[] {
                    template(
                            "id name body",
                            null,
                            "update set name = excluded.name,\nbody = left(excluded.body, 1)\nwhere t.body <> excluded.body"),
                    "t.sql:2:37: "
                },
                new String[] {
                    template(
                            "id name body",
                            null,
                            "update set (name, body) = (select excluded.name, lower(excluded.body) from (select) as x)"),
                    "t.sql:2:37: "
                });
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("faults")
    void whatCannotBeComputedIsTheRecordsFault(String template, String place) throws Exception {
        try (StreamTable table = table(template)) {
            List<String> before = table.rows("select * from items");
            RecordFaultException fault = assertThrows(RecordFaultException.class, () -> table.write(lacking()));
            assertTrue(
                    fault.getMessage().startsWith(place + "the value of column body has not changed"),
                    fault.getMessage());
            assertEquals(before, table.rows("select * from items"));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "id name deleted other; :#record.id::text || ':' || :#record.body; other = excluded.other",
                "id name deleted other; :#record.id::text || ':' || :#record.body; (other) = row(excluded.other)",
                "id name deleted; none; other = :#record.id::text || ':' || :#record.body",
                "id name deleted other; ':' || :#record.body; other = excluded.id::text || excluded.other",
                "id name deleted doc; none; doc = excluded.doc",
                "id name deleted; none; doc = :#record::jsonb - 'x'"
            })
    void ofADeleteThatHasTheKeyAlone(String columns, String other, String assignment) throws Exception {
        String template =
                template(columns, other, "update set name = excluded.name, deleted = excluded.deleted, " + assignment);
        try (StreamTable table = table(template)) {
            List<String> before = table.rows("select name, body, other, doc from items");
            assertTrue(before.get(0).contains("v2"), before.toString());
            table.write(message("1", 12, "delete", "{'id':1,'name':null,'body':null}", "null"));
            assertEquals(before, table.rows("select name, body, other, doc from items where deleted"));
            table.write(message("2", 12, "delete", "{'id':2,'name':null,'body':null}", "null"));
            assertEquals(List.of("2|~|~"), table.rows("select id, name, body from items where id = 2 and deleted"));
        }
    }

    @Test
    void aConditionOfADeleteSeesNullForWhatIsNotKnown() throws Exception {
        String template = template(
                "id name deleted other",
                ":#record.id::text || ':' || :#record.body",
                "update set name = excluded.name, deleted = excluded.deleted, other = excluded.other"
                        + " where :#record.body::text is null or t.other <> :#record.body");
        try (StreamTable table = new StreamTable(TABLE, template)) {
            table.database().execute("insert into items (id, name, other) values (1, 'b', '1:v2')");
            table.write(message("1", 12, "delete", "{'id':1,'name':null,'body':null}", "null"));
            assertEquals(List.of("b|1:v2|t"), table.rows("select name, other, deleted from items"));
        }
    }

    @Test
    void ofAReadThatCannotSeeAValue() throws Exception {
        String template =
                "insert into items (id, name, price, label, doc) values (:#record.id, :#record.name, :#record.price,"
                        + " :#record.name || ':' || :#record.ip, :#record) on conflict (id) do update set name = excluded.name,"
                        + " price = excluded.price, label = excluded.label, doc = excluded.doc";
        try (StreamTable table = new StreamTable(
                "create table items (id int primary key, name text, price money, label text, doc jsonb);"
                        + " insert into items values (1, 'old', '$1.50', 'old:10.0.0.1', '{\"x\": 1}'),"
                        + " (2, 'old', null, 'old:10.0.0.1', '{\"x\": 1}')",
                template)) {
            String read = "{'id':%d,'name':%s,'price':%s,'ip':'10.0.0.2'}";
            table.write(
                    message("1", 0, "read", read.formatted(1, "'new'", "null"), "null"),
                    message("2", 0, "read", read.formatted(2, "null", "'$2.00'"), "null"),
                    message("3", 0, "read", read.formatted(3, "'new'", "null"), "null"));
            assertEquals(
                    List.of(
                            "1|new|$1.50|new:10.0.0.2|{\"x\": 1}",
                            // a null of a text is one
                            "2|~|$2.00|~|{\"id\": 2, \"ip\": \"10.0.0.2\", \"name\": null, \"price\": \"$2.00\"}",
                            "3|new|~|new:10.0.0.2|{\"id\": 3, \"ip\": \"10.0.0.2\", \"name\": \"new\", \"price\": null}"),
                    table.rows("select * from items order by id"));
        }
    }

    private static final String READABLE = "create type pair as (a int, b text); create type mood as enum ('sad');"
            + " create table items (id int primary key, name text, body %s, lsn bigint)";
    private static final String GUARDED = template(
            "id name body lsn",
            null,
            "update set name = excluded.name, body = excluded.body, lsn = excluded.lsn"
                    + " where t.lsn is null or t.lsn <= excluded.lsn");

    private static Message change(int id, int version, String body) {
        return message("" + id, version, "update", "{'id':%d,'name':'new','body':%s}".formatted(id, body), "{}");
    }

    private static Message read(int id) {
        String json = "{'id':%d,'name':'read','body':null}".formatted(id);
        return message("" + id, 1, "read", json, "null");
    }

    /** Such a value is stored apart, so it is not null: it is what the backfill could not read. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"xml", "pair", "mood[]", "bit varying(10)", "char(3)"})
    void anUpdateDoesNotKeepTheNullOfARead(String type) throws Exception {
        try (StreamTable table = new StreamTable(READABLE.formatted(type), GUARDED)) {
            table.write(read(1), read(2), read(3), change(3, 5, "null"), read(4));
            table.database()
                    .execute("update items set lsn = null where id in (1, 2); update items set lsn = 9 where id = 4");
            Message first = change(1, 8, "'unchanged_toast'");
            Message second = change(2, 8, "'unchanged_toast'");
            Message old = change(4, 8, "'unchanged_toast'");
            RecordFaultException fault =
                    assertThrows(RecordFaultException.class, () -> table.write(first, old, second));
            assertEquals(
                    List.of(first, second),
                    fault.all().stream().map(RecordFaultException::message).toList());
            assertEquals("02000", fault.getSQLState());
            assertEquals(
                    "the message leaves out the value of body, which has not changed, and the row does not have it: a"
                            + " backfill cannot read it. In the source, write the value anew, or set the replica identity"
                            + " of the table to full and update the row; then replay this message",
                    fault.getMessage());
            table.write(old);
            assertEquals(List.of("read|~|9"), table.rows("select name, body, lsn from items where id = 4"));
        }
    }

    @Test
    void anUpdateKeepsWhatIsNotNullAndTheNullsOfOtherColumns() throws Exception {
        String template = template(
                "id name body other",
                "nullif(:#record.name, 'new')",
                "update set name = excluded.name, body = excluded.body, other = excluded.other");
        try (StreamTable table = new StreamTable(
                "create table items (id int primary key, name text, body xml, other text);"
                        + " insert into items values (1, 'old', '<a/>')",
                template)) {
            table.write(change(1, 8, "'unchanged_toast'"));
            assertEquals(List.of("1|new|<a/>|~"), table.rows("select * from items"));
        }
    }

    /** PostgreSQL folds the case of ASCII letters alone. */
    @Test
    void namesWithOtherLetters() throws Exception {
        String template = "INSERT INTO items AS T (ID, Änderung) values (:#record.id, :#record.body)"
                + " on conflict (id) do update set Änderung = EXCLUDED.Änderung";
        try (StreamTable table = new StreamTable(
                "create table items (id int primary key, Änderung text); insert into items values (1, 'v')",
                template)) {
            table.write(lacking());
            assertEquals(List.of("1|v"), table.rows("select * from items"));
        }
    }

    @Test
    void aStatementThatIsRefusedSaysWhy() throws Exception {
        String template = "insert into items (id, doc, size) values (:#record.id, :#record.body,"
                + " length(:#record.name || :#record.body)) on conflict (id) do update set doc = excluded.doc, size = excluded.size";
        try (StreamTable table = new StreamTable(
                "create table items (id int primary key, doc jsonb, size int); insert into items values (1, '{}')",
                template)) {
            SQLException refused = assertThrows(SQLException.class, () -> table.write(lacking()));
            assertEquals(
                    "t.sql:1:1: the statement that keeps a value which has not changed is refused: function length(jsonb)"
                            + " does not exist; write the value into a column of its own as well, by nothing but its path,"
                            + " or set the replica identity of the source's table to full",
                    refused.getMessage());
        }
    }
}
