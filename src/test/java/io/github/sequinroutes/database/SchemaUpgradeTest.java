package io.github.sequinroutes.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.testkit.SchemaFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** docs/promises.md 80: the bundle's own tables have a version, and every earlier one is upgraded with the rows in it. */
@Tag("postgres")
class SchemaUpgradeTest {
    /** Everything that migrate makes, whatever order the columns were added in. */
    private static final String STRUCTURE = """
            select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
            from information_schema.columns where table_schema = 'sequin' and is_identity = 'NO'
            union all select indexdef from pg_indexes where schemaname = 'sequin'
            union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'sequin'::regnamespace
            union all select relname || coalesce(relacl::text, '') from pg_class
              where relnamespace = 'sequin'::regnamespace and relkind = 'r'
            order by 1""";

    private static final String DEAD_LETTERS = """
            select id, consumer, collection, record_id, version, reason, sqlstate, error, message, first_failed_at,
              last_failed_at, attempts, replayed_at from sequin.dead_letters order by id""";
    private static final String LEDGER = "select collection, id, version, deleted, changed_at from sequin.versions";

    private final TestDatabase database;

    SchemaUpgradeTest() throws Exception {
        database = new TestDatabase();
    }

    @AfterEach
    void drop() throws SQLException {
        database.drop();
    }

    private Database as(TestDatabase of, String role) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(of.url().replace("user=postgres", "user=" + role));
        return new Database(dataSource, true);
    }

    private Database bundle() {
        return as(database, "postgres");
    }

    /** As sequin_run of deploy/role.sql, or one that was granted what there was before versions. */
    private String roleThatOnlyRuns() throws SQLException {
        String role = "runs_" + database.name();
        database.execute("""
                create role %1$s login;
                grant usage on schema sequin to %1$s;
                grant select, insert, update, delete on sequin.dead_letters, sequin.versions to %1$s""".formatted(role));
        return role;
    }

    private void recordVersion(int version, int oldestBundle) throws SQLException {
        database.execute("insert into sequin.schema_version (version, file, oldest_bundle) values (%d, 'x', %d)"
                .formatted(version, oldestBundle));
    }

    @Test
    void theFilesAreNumberedAndAllOfThemAreRun() throws Exception {
        List<String> files = SchemaFiles.in(Path.of("")).stream()
                .map(file -> file.getFileName().toString())
                .toList();
        assertEquals(files, OwnTables.FILES);
        bundle().migrate();
        List<String> recorded = database.rows("select version, file from sequin.schema_version order by version");
        for (int i = 0; i < files.size(); i++) {
            assertEquals("%03d".formatted(i + 1), files.get(i).substring(0, 3));
            assertEquals(i + 1 + "|" + files.get(i), recorded.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/test/resources/schema/sequin-first.sql",
                "src/test/resources/schema/sequin-before-identity.sql",
                "schema/migrations/001-tables.sql"
            })
    void anEarlierVersionIsUpgradedWithItsRows(String earlier) throws Exception {
        database.execute(Files.readString(Path.of(earlier)));
        database.execute("""
                insert into sequin.dead_letters (consumer, collection, record_id, version, reason, sqlstate, error, message,
                  attempts, replayed_at)
                select 'c', 'a:b', 'r' || i, i, 'rejected', '23514', 'e', '{"i": ' || i || '}', i,
                  case when i %% 2 = 0 then now() end from generate_series(1, 100) as i;
                insert into sequin.dead_letters (consumer, reason, error, message) values ('c', 'malformed', 'e', '{');
                """.replace("%%", "%"));
        boolean hasLedger = database.value("select to_regclass('sequin.versions') is not null")
                .equals("t");
        if (hasLedger) {
            database.execute("insert into sequin.versions (collection, id, version, deleted)"
                    + " select 'a:b', 'r' || i, i, i > 50 from generate_series(1, 100) as i");
        }
        List<String> deadLetters = database.rows(DEAD_LETTERS);
        List<String> ledger = hasLedger ? database.rows(LEDGER) : List.of();

        bundle().migrate();

        assertEquals(deadLetters, database.rows(DEAD_LETTERS));
        assertEquals(ledger, database.rows(LEDGER));
        TestDatabase fresh = new TestDatabase();
        as(fresh, "postgres").migrate();
        assertEquals(fresh.rows(STRUCTURE), database.rows(STRUCTURE));
        fresh.drop();
    }

    @Test
    void whoMayChangeNothingGoesOnWithTablesOfThisVersion() throws Exception {
        bundle().migrate();
        as(database, roleThatOnlyRuns()).prepare();
    }

    @Test
    void whoMayChangeNothingSaysAtOnceThatTheTablesAreOfAnEarlierVersion() throws Exception {
        database.execute(Files.readString(Path.of("schema/migrations/001-tables.sql")));
        Database running = as(database, roleThatOnlyRuns());
        String refusal = assertThrows(SQLException.class, running::prepare).getMessage();
        assertEquals(
                "ERROR: the tables of schema sequin are of an earlier version than 2, and may not be changed; have the role"
                        + " that owns them run migrate",
                refusal.lines().findFirst().orElseThrow());
        // what check says
        assertEquals(
                "the tables of schema sequin are of an earlier version, and role runs_" + database.name()
                        + " may not change them; have the role that owns them run migrate (SQLSTATE 42501)",
                running.problemOfTables());
        assertNull(bundle().problemOfTables());
        bundle().migrate();
        running.prepare();
    }

    @Test
    void aLaterVersionIsUsedAndLeftAsItIsUnlessItCannotBe() throws Exception {
        bundle().migrate();
        recordVersion(98, 2);
        database.execute("drop index sequin.dead_letters_key");
        try (LogWatch log = new LogWatch("of version 98")) {
            Database several = bundle();
            // as workers do
            assertTrue(IntStream.range(0, 4).parallel().allMatch(worker -> several.answers()));
            assertEquals(
                    List.of(
                            "INFO The tables of schema sequin are of version 98, later than this bundle's 2, which can use"
                                    + " them."),
                    log.lines(""));
        }
        assertEquals("~", database.value("select to_regclass('sequin.dead_letters_key')"));

        recordVersion(99, 97);
        String refusal = assertThrows(SQLException.class, bundle()::prepare).getMessage();
        assertEquals(
                "ERROR: the tables of schema sequin are of version 99, and this bundle knows no later one than 2, which"
                        + " cannot use them; run a bundle that knows version 97, or restore the tables as they were before the"
                        + " upgrade",
                refusal.lines().findFirst().orElseThrow());
    }

    @Test
    void whatAnEarlierBundleHasReplacedMeanwhileIsPutRight() throws Exception {
        bundle().migrate();
        List<String> structure = database.rows(STRUCTURE);
        database.execute(Files.readString(Path.of("src/test/resources/schema/sequin-before-identity.sql")));
        database.execute("drop index sequin.versions_deleted");
        bundle().migrate();
        assertEquals(structure, database.rows(STRUCTURE));
    }
}
