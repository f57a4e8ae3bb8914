package io.github.sequinroutes.cli;

import static io.github.sequinroutes.cli.Replication.change;
import static io.github.sequinroutes.message.Outcome.DEAD_LETTERED;
import static io.github.sequinroutes.message.Outcome.WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.message.Outcome;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was seen to break: each ends in a wrong table without a dead letter, or in a dead letter without need. */
@Tag("postgres")
class ReplicatedRowsTest {
    private static final String MARKED = """
            insert into items as t (id, name, body, mark, lsn, idx)
            values (%s, :#record.name, :#record.body, %s, :#metadata.commit_lsn, :#metadata.commit_idx)
            on conflict (id) do update set name = excluded.name, body = excluded.body, mark = %s,
              lsn = excluded.lsn, idx = excluded.idx
            where t.lsn is null or (t.lsn, t.idx) <= (excluded.lsn, excluded.idx)
            """;

    private static String insert(String id, String version, String name) {
        return Items.change("insert", id, version, name, "A");
    }

    private static String update(String id, String version, String name, String body) {
        return Items.change("update", id, version, name, body);
    }

    /** docs/stream.md: change the replica first, then the source. Messages from before that have no such column. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aColumnThatMessagesDoNotHaveYet(boolean softDeletes) throws Exception {
        try (Replication replication = Items.scaffolded("int", softDeletes, ", extra int default 5")) {
            replication.target().execute("insert into items (id, name, body, extra) values (1, 'a', 'A', 5)");
            assertEquals(List.of(WRITTEN), replication.send(List.of(update("1", "11.0", "b", "B"))));
            assertEquals(List.of("1|b|B|5"), replication.target().rows("select id, name, body, extra from items"));
        }
    }

    /** docs/templates.md: mark the row, with a delete template that is an update. */
    @Test
    void aDeleteTemplateThatMarks() throws Exception {
        try (Replication replication = Items.custom(
                Items.table("boolean"),
                MARKED.formatted(":#record.id", "false", "false"),
                "update items set mark = true, lsn = :#metadata.commit_lsn, idx = :#metadata.commit_idx where id = :#record.id")) {
            replication.send(List.of(insert("1", "10.0", "a"), insert("2", "10.1", "b")));
            replication.send(List.of(Items.deleted("1", "11.0")));
            // row 2 moves there, and must not get the body of row 1
            assertEquals(
                    List.of(DEAD_LETTERED), replication.send(List.of(update("1", "12.0", "b", "unchanged_toast"))));
        }
    }

    /** Forms that tell deletions alone, as docs/stream.md has it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "boolean | :#action = 'delete' | (:#action = 'delete')",
                "boolean | not (:#action = 'delete') | excluded.mark",
                "boolean | coalesce(:#action = 'delete', false) | excluded.mark",
                "boolean | :#action in ('delete') | excluded.mark",
                "boolean | :#action is not distinct from 'delete' | excluded.mark",
                "boolean | :#action::text = 'delete' | excluded.mark",
                "boolean | case :#action when 'delete' then true else false end | excluded.mark",
                "boolean | case when :#action <> 'delete' then false else true end | excluded.mark",
                "int | (:#action = 'delete')::int | excluded.mark",
                "numeric(3,1) | case when :#action = 'delete' then 1 else 0 end | excluded.mark",
                "text | case when (:#action = 'delete') then 'D' else 'L' end | excluded.mark",
                "text | case when :#action = 'delete' then 'D' when :#action = 'insert' then 'I' else 'U' end | excluded.mark",
                "text | upper(:#action) | excluded.mark",
                "timestamptz | case :#action when 'delete' then now() end | excluded.mark",
                "timestamptz | case when :#action <> 'delete' then null else now() end | excluded.mark",
                "timestamptz | case when :#action = 'delete' then now() else 'infinity' end | excluded.mark"
            })
    void marksInOtherForms(String type, String mark, String assigned) throws Exception {
        try (Replication replication =
                Items.custom(Items.table(type), MARKED.formatted(":#record.id", mark, assigned), null)) {
            replication.send(List.of(insert("1", "10.0", "a"), insert("2", "10.1", "b")));
            replication.send(List.of(Items.deleted("1", "11.0")));
            assertEquals(
                    List.of(DEAD_LETTERED), replication.send(List.of(update("1", "12.0", "b", "unchanged_toast"))));
        }
    }

    /** The type of the key changes in source and replica; what was acked comes again. */
    @ParameterizedTest
    @CsvSource({"numeric, bigint, 100", "bigint, numeric, 100"})
    void theTypeOfTheKeyChanges(String before, String now, String id) throws Exception {
        try (Replication replication = Items.scaffolded(before, false)) {
            replication.send(List.of(insert(id, "10.0", "a"), Items.deleted(id, "11.0")));
            replication.target().execute("alter table items alter column id type " + now);
            replication.send(List.of(insert("77", "11.1", "b"))); // has the new type noticed
            replication.send(List.of(insert(id, "10.0", "a")));
            assertEquals(List.of("77|b|A"), Items.live(replication, false));
        }
    }

    /** A dead letter from before the collection was added is found by the ID as received: the purge looks for the key. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {"numeric(10,2) | \"1.50\"", "numeric | 100", "timestamptz | \"2026-01-01T00:00:00.000000Z\""})
    void thePurgeAndADeadLetterOfAnUnknownCollection(String type, String id) throws Exception {
        try (Replication replication = Items.of(type, "")) {
            replication.send(List.of(insert(id, "10.0", "a")));
            replication.send(List.of(Items.deleted(id, "12.0")));
            assertEquals(
                    0,
                    replication.scaffold("--table", "public.items", "--apply").status());
            assertEquals(0, replication.run("replay", "--id", "2").status());
            replication.target().execute("update sequin.versions set changed_at = now() - interval '8 days'");
            replication
                    .target()
                    .execute(replication
                            .file("routes/machine/purge.sql")
                            .replace("cast(:#${body} as bigint)", "604800000"));
            assertEquals(0, replication.run("replay", "--all").status());
            assertEquals(List.of(), Items.live(replication, false));
        }
    }

    /** The source has the new text. */
    @ParameterizedTest
    @CsvSource({
        "numeric, 1.50, 1.5, true",
        "numeric, 1.50, 1.5, false",
        "citext, Abc, ABC, true",
        "citext, Abc, ABC, false"
    })
    void anotherTextOfTheKey(String type, String before, String now, boolean softDeletes) throws Exception {
        try (Replication replication = Items.scaffolded(type, softDeletes)) {
            replication.send(List.of(insert('"' + before + '"', "10.0", "a")));
            replication.send(List.of(update('"' + now + '"', "11.0", "b", "A")));
            assertEquals(List.of(now + "|b|A"), Items.live(replication, softDeletes));
        }
    }

    /** The sink's name and its UUID are the same sink. */
    @Test
    void afterADeadLetterUnderAnotherNameOfTheSink() throws Exception {
        try (Replication replication = Items.scaffolded("int", true)) {
            replication.target().execute("alter table items add constraint c check (name <> 'bad')");
            replication.send(List.of(insert("1", "10.0", "a"), update("2", "10.1", "c", "C")));
            replication.send(List.of(update("1", "11.0", "bad", "B")));
            replication.target().execute("update sequin.dead_letters set consumer = 'its-uuid', identity = md5('x')");
            assertEquals(
                    List.of(DEAD_LETTERED), replication.send(List.of(update("1", "12.0", "c", "unchanged_toast"))));
        }
    }

    /** A row of another table, in the same batch, is what the first of them needs; the second needs the first. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterOneThatWaitedForAnotherTable(boolean softDeletes) throws Exception {
        try (Replication replication =
                Items.scaffolded("int", softDeletes, "; create table parents (id int primary key)")) {
            replication
                    .target()
                    .execute(
                            "alter table items add parent int generated always as (length(name)) stored references parents");
            List<Outcome> outcomes = replication.send(List.of(
                    insert("1", "10.0", "abc"),
                    update("1", "11.0", "abc", "unchanged_toast"),
                    change("insert", "parents", "3", "9.0", "{\"id\": 3}")));
            assertEquals(List.of(WRITTEN, WRITTEN, WRITTEN), outcomes);
        }
    }

    /** What {@code replay --list} shows. */
    @Test
    void theKeyOfADeadLetterIsAsTheSourceWritesIt() throws Exception {
        try (Replication replication = Items.scaffolded("numeric", false)) {
            replication.target().execute("alter table items add constraint c check (name <> 'bad')");
            replication.send(List.of(insert("100", "10.0", "bad"), insert("7", "10.1", "other")));
            assertEquals(List.of("100"), replication.target().rows("select record_id from sequin.dead_letters"));
        }
    }
}
