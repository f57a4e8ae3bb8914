package io.github.sequinroutes.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Template;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is tried is found in the corpora of {@link TemplateChecksTest}; here is what must not be tried, and what is left of it. */
@Tag("postgres")
class BehaviourCheckTest {
    private static TestDatabase database;

    @BeforeAll
    static void create() throws Exception {
        database = new TestDatabase();
        database.execute("""
                create table plain (id text primary key, updated_idx bigint not null, deleted boolean, note text);
                create table "Serial Rows" (pk bigserial, id text primary key, updated_idx bigint not null, deleted boolean, note text);
                create table triggered (like plain including all);
                create function keep() returns trigger language plpgsql as 'begin return null; end';
                create trigger keep after update on triggered for each row execute function keep();
                create function tidy(text, text) returns text language sql volatile as 'select coalesce($1, $2)';
                create function steady(text, text) returns text language sql immutable as 'select coalesce($1, $2)';
                create schema apart;
                create function apart.steady(text, text) returns text language sql volatile as 'select coalesce($1, $2)';
                create function steady(text) returns text language sql volatile as 'select $1';
                create view viewed as select * from plain;
                create table other (id text, note text);
                create table bare (like plain including all);
                create table filled (like plain including all);
                insert into filled values ('mine', 1);
                create table checked (like plain including all, check (note in ('x', 'y')));
                create table constrained (id text, updated_idx bigint not null, deleted boolean, note text,
                  constraint its_key primary key (id))""");
    }

    @AfterAll
    static void drop() throws SQLException {
        database.drop();
    }

    /** The guard is always true, as is not said by a parser. */
    private static String wrong(String table) {
        return """
                insert into %s as t (id, updated_idx, deleted, note) values (:#id, :#updated_idx, :#deleted, coalesce(:#data.note, '-'))
                on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted, note = excluded.note
                where sign(t.updated_idx - excluded.updated_idx) < 2""".formatted(table);
    }

    private static CheckedCollection collection(String sql) {
        return new CheckedCollection(
                "acme:c",
                new Template("t.sql", sql),
                null,
                false,
                false,
                SequinApi.of("consume").format(),
                Set.of("acme:c"));
    }

    private static long found(Connection connection, List<CheckedCollection> collections, boolean triesAll)
            throws SQLException {
        return TemplateChecks.check(connection, collections, triesAll).stream()
                .map(Problem::toString)
                .filter(problem -> problem.contains("an older version overwrites a newer one"))
                .count();
    }

    private static long found(String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            return found(connection, List.of(collection(sql)), false);
        }
    }

    @Test
    void whereverTheTableIsNamed() throws Exception {
        String plain = wrong("public.plain");
        for (String sql : List.of(
                plain,
                wrong("\"Serial Rows\""),
                plain.replace(" as t", "").replace("t.updated_idx", "public.plain.updated_idx"),
                plain.replace(" as t", "").replace("t.updated_idx", "plain.updated_idx"),
                plain.replace("coalesce(", "steady("),
                plain.replace("coalesce(:#data.note", "coalesce(substring(:#data.note from 1 for 9)"),
                plain + " and t.id in (select x.id from public.plain x)",
                wrong("constrained").replace("(id) do", "on constraint its_key do"),
                plain.replace("insert", "with new as (select :#id as id) insert")
                        .replace(
                                "values (:#id, :#updated_idx, :#deleted, coalesce(:#data.note, '-'))",
                                "select id, :#updated_idx, :#deleted, coalesce(:#data.note, '-') from new"))) {
            assertEquals(1, found(sql), sql);
        }
    }

    private static final String MERGE = """
            merge into plain t using (select :#id::text as id, :#updated_idx::bigint as v, :#deleted::boolean as deleted, :#data.note::text as note) s
            on t.id = s.id
            when matched%s then update set updated_idx = s.v, deleted = s.deleted, note = coalesce(s.note, t.note)
            when not matched then insert (id, updated_idx, deleted, note) values (s.id, s.v, s.deleted, s.note)""";

    @Test
    void aMerge() throws Exception {
        assumeTrue(database.majorVersion() >= 15, "it has no merge");
        assertEquals(List.of(), problems(List.of(collection(MERGE.formatted(" and t.updated_idx <= s.v")))));
        assertEquals(
                List.of(
                        "t.sql:1:1: tried with made-up records, an older version overwrites a newer one in note, updated_idx; write"
                                + " when matched and (t.updated_idx is null or t.updated_idx <= :#updated_idx) then; if it is meant, add -- sequin: allow guard"),
                problems(List.of(collection(MERGE.formatted("")))));
        assertEquals(
                List.of("one-row"),
                problems(List.of(collection(
                                MERGE.formatted(" and t.updated_idx <= s.v").replace("t.id = s.id", "t.id >= 'a'"))))
                        .stream()
                        .map(problem -> problem.replaceFirst(".*allow ", ""))
                        .toList());
    }

    /** Rows that others insert can be updated; what else is in the table says nothing of records that come. */
    @Test
    void anUpdateOfRowsOfOthers() throws Exception {
        String update = "update %s set note = :#data.note, deleted = :#deleted, updated_idx = :#updated_idx"
                + " where id = :#id and updated_idx <= :#updated_idx";
        CheckedCollection one = collection(update.formatted("bare"));
        CheckedCollection other = new CheckedCollection(
                "acme:o",
                new Template("o.sql", wrong("bare").replace(" < 2", " <= 0")),
                null,
                false,
                false,
                one.format(),
                Set.of("acme:o"));
        for (String table : List.of("bare", "filled")) {
            assertEquals(
                    List.of(
                            "t.sql:1:1: Warning: an update changes rows that are there, and no other template inserts into public."
                                    + table
                                    + ", so a record without a row gets none; write insert into … values … on conflict … do update;"
                                    + " if it is meant, add -- sequin: allow no-row"),
                    problems(List.of(collection(update.formatted(table)))));
        }
        assertEquals(List.of(), problems(List.of(one, other)));
    }

    private static List<String> problems(List<CheckedCollection> collections) throws SQLException {
        try (Connection connection = database.connect()) {
            return TemplateChecks.check(connection, collections).stream()
                    .map(Problem::toString)
                    .toList();
        }
    }

    /** Made-up records tell nothing where something else has its say. */
    @Test
    void notWhereTheCopyWouldDoOtherwise() throws Exception {
        String plain = wrong("plain");
        for (String sql : List.of(
                wrong("viewed"),
                wrong("checked"),
                plain.replace("coalesce(", "tidy("),
                plain.replace("coalesce(", "apart.steady("),
                plain.replace("coalesce(", "STEADY(").replace(", '-')", ")"),
                plain + " and not exists (select from other o where o.id = t.id)",
                "-- sequin: allow guard\n" + plain)) {
            assertEquals(0, found(sql), sql);
        }
    }

    /** They may be what keeps old versions out. */
    @Test
    void triggersMakeItAWarning() throws Exception {
        assertEquals(
                List.of(
                        "Warning: tried with made-up records, an older version overwrites a newer one in note, updated_idx; write"
                                + " where t.updated_idx is null or t.updated_idx <= excluded.updated_idx"),
                problems(List.of(collection(wrong("triggered")))).stream()
                        .map(problem -> problem.replaceAll("^t.sql:\\d+:\\d+: |, and nothing else.*", ""))
                        .toList());
    }

    @Test
    void nothingIsLeftOfIt() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into plain values ('mine', 1, false, 'x')");
            assertEquals(1, found(connection, List.of(collection(wrong("plain"))), false));
            assertEquals(1, found(connection, List.of(collection(wrong("\"Serial Rows\""))), false));
            connection.commit();
            connection.setAutoCommit(true);
            assertEquals(1, found(connection, List.of(collection(wrong("plain"))), false));
            assertTrue(connection.getAutoCommit());
        }
        assertEquals(List.of("mine"), database.rows("select id from plain"));
        assertEquals(List.of("f"), database.rows("select is_called from \"Serial Rows_pk_seq\""));
        assertEquals(List.of(), database.rows("select relname from pg_class where relpersistence = 't'"));
    }

    @Test
    void aRoleThatMayNotCreateTemporaryTables() throws Exception {
        String role = "writer_" + database.name();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "revoke temporary on database %1$s from public; create role %2$s; grant all on plain to %2$s; set role %2$s"
                            .formatted(database.name(), role));
            assertEquals(0, found(connection, List.of(collection(wrong("plain"))), false));
            statement.execute("reset role; grant temporary on database %s to public; drop owned by %s; drop role %2$s"
                    .formatted(database.name(), role));
        }
    }

    /** A start must not wait for it. */
    @Test
    void manyOnlyWhenAsked() throws Exception {
        List<CheckedCollection> many =
                IntStream.range(0, 21).mapToObj(i -> collection(wrong("plain"))).toList();
        try (Connection connection = database.connect()) {
            assertEquals(0, found(connection, many, false));
            assertEquals(1, found(connection, many, true));
        }
    }
}
