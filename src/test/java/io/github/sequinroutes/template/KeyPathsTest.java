package io.github.sequinroutes.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.sequinroutes.template.TemplateProbe.Variant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which paths of a template tell the row that a record means. */
class KeyPathsTest {
    private static List<List<String>> keyPaths(String template) {
        return new TemplateStatement(new Template("t.sql", template), 1_000).keyPaths();
    }

    private static List<List<String>> paths(String... dotted) {
        return Stream.of(dotted)
                .map(path -> List.of(Pattern.compile("\\.").split(path)))
                .toList();
    }

    @Test
    void ofAnUpsertThoseOfItsConflictColumnsInTheirOrder() {
        String columns = "insert into s.t as x (id, \"Tenant\", v) values ";
        String key = " on conflict (\"Tenant\", ID) do update set v = excluded.v where x.v <> 'a, b)'";
        assertEquals(
                paths("record.tenant", "record.id"),
                keyPaths(columns + "(:#record.id, :#record.tenant, :#record.v)" + key));
        assertEquals(
                paths("record.tenant", "record.a", "record.b"),
                keyPaths(columns
                        + "(lower(:#record.a || (','))||:#record.b, (:#record.tenant)::int, array[1, 2]) /* id, v) */"
                        + key));
        assertEquals(
                paths("id"), keyPaths("insert into t (id, v) values (:#id, :#data.v) on conflict (id) do nothing;"));
    }

    @Test
    void ofADeleteOrAnUpdateThoseInTheRecord() {
        assertEquals(
                paths("record.id", "record.tenant"),
                keyPaths("delete from t where id = :#record.id and tenant = :#record.tenant and :#record.id > 0"
                        + " and lsn <= :#metadata.commit_lsn"));
        assertEquals(
                paths("record.id"),
                keyPaths("/* soft */ UPDATE t set deleted = true, lsn = :#metadata.commit_lsn where id = :#record.id"));
    }

    @Test
    void ofAnythingElseNoneIsKnown() {
        for (String template : List.of(
                "insert into t values (:#record.id) on conflict do nothing",
                "insert into t (id) values (:#record.id)",
                "insert into t (id) select :#record.id on conflict (id) do nothing",
                "insert into t (id) values (:#record.id) on conflict (lower(id)) do nothing",
                "insert into t (id) values (:#record.id) on conflict (id) where live do nothing",
                "insert into t (id, v) values (:#record.id) on conflict (id) do nothing",
                "insert into t (id) values (:#record.id), (1) on conflict (id) do nothing",
                "with x as (select 1) insert into t (id) values (:#record.id) on conflict (id) do nothing",
                "select f(:#record.id)",
                "call f(:#record.id)")) {
            assertEquals(List.of(), keyPaths(template), template);
        }
    }

    private static String[] probed(String dataField, List<List<String>> keys, Variant variant) {
        List<List<String>> paths = paths("record.tenant", "record.id", "record.v", "data.v", "id", "metadata.lsn");
        return new ProbedValues(paths, dataField, keys).of(new String[] {"1", "a", "v", "w", "x", "5"}, variant);
    }

    @Test
    void aRowIsProbedWithoutWhatIsNotItsKey() {
        String[] row = probed("record", paths("record.tenant", "record.id"), Variant.WITHOUT_DATA);
        assertEquals(
                "[1, a, null, w, x, 5]",
                List.of(Stream.of(row).map(String::valueOf).toArray()).toString());
        String[] record = probed("data", paths("id"), Variant.WITHOUT_DATA);
        assertNull(record[3]);
        assertEquals("v", record[2]);
    }

    @Test
    void aRowIsProbedAsANewOneByTheLastColumnOfItsKey() {
        String[] row = probed("record", paths("record.tenant", "record.id"), Variant.WITH_ANOTHER_ID);
        assertEquals("1", row[0]);
        assertNotEquals("a", row[1]);
        assertEquals("x", row[4]);
        String[] record = probed("data", paths("id"), Variant.WITH_ANOTHER_ID);
        assertEquals("a", record[1]);
        assertNotEquals("x", record[4]);
    }
}
