package io.github.sequinroutes.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The bundle's own tables, schema {@code sequin}: their version, and the numbered files that make it. */
final class OwnTables {
    /** Each makes the version of its place, the first of them 1; safe to run again. */
    static final List<String> FILES = List.of("001-tables.sql", "002-schema-version.sql");

    /** The version that this bundle was written for. */
    static final int VERSION = FILES.size();

    private static final String FOLDER = "/io/github/sequinroutes/schema/migrations/";
    /** Any number, but the same in every process, so that two never create the tables at once. */
    private static final String LOCK = "select pg_advisory_xact_lock(%d)".formatted(0x5e901);

    private static final String IS_VERSIONED = "select to_regclass('sequin.schema_version') is not null";
    private static final String FOUND = "select coalesce(max(version), 0) from sequin.schema_version";
    /** Whether nobody has dropped anything, and no bundle from before there were versions has replaced a function. */
    private static final String IS_INTACT = """
            select to_regclass('sequin.dead_letters_identity') is not null
              and to_regclass('sequin.dead_letters_key') is not null
              and to_regclass('sequin.dead_letters_record') is not null
              and to_regclass('sequin.versions_deleted') is not null
              and exists (
                select from pg_proc
                where oid = to_regproc('sequin.dead_letter_key') and prosrc like '%sequin.dead_letter_identity(%')""";

    private static final String REQUIRE = """
            do $$
            declare
              known constant integer := {known};
              found integer := 0;
              oldest_bundle integer := 0;
            begin
              if to_regnamespace('sequin') is not null and not has_schema_privilege('sequin', 'usage') then
                raise sqlstate '42501' using message = format('role %I may not use schema sequin; grant it usage on that, '
                  'select, insert, update on sequin.dead_letters, and select, insert, update, delete on sequin.versions',
                  current_user);
              end if;
              if to_regclass('sequin.schema_version') is not null then
                select coalesce(max(version), 0), coalesce(max(v.oldest_bundle), 0) into found, oldest_bundle
                from sequin.schema_version as v;
              end if;
              if oldest_bundle > known then
                raise sqlstate '0A000' using message = format('the tables of schema sequin are of version %s, and this bundle '
                  'knows no later one than %s, which cannot use them; run a bundle that knows version %s, or restore the '
                  'tables as they were before the upgrade', found, known, oldest_bundle);
              end if;
              if to_regclass('sequin.dead_letters_identity') is null or to_regclass('sequin.versions') is null then
                raise sqlstate '42P01' using message = 'the tables of schema sequin are missing, or are those of an earlier '
                  'version, and may not be created; have a role that may create them run migrate';
              end if;
              if found < known then
                raise sqlstate '42P01' using message = format('the tables of schema sequin are of an earlier version than %s, '
                  'and may not be changed; have the role that owns them run migrate', known);
              end if;
              if not (has_table_privilege('sequin.dead_letters', 'select')
                  and has_table_privilege('sequin.dead_letters', 'insert')
                  and has_table_privilege('sequin.dead_letters', 'update')
                  and has_table_privilege('sequin.versions', 'select')
                  and has_table_privilege('sequin.versions', 'insert')
                  and has_table_privilege('sequin.versions', 'update')
                  and has_table_privilege('sequin.versions', 'delete')) then
                raise sqlstate '42501' using message = format('role %I may not use the tables of schema sequin; grant it '
                  'select, insert, update on sequin.dead_letters, and select, insert, update, delete on sequin.versions',
                  current_user);
              end if;
            end $$""".replace("{known}", Integer.toString(VERSION));

    private OwnTables() {}

    /**
     * Brings them to this version. Without effect, and allowed to everybody who may use them, if they are of this version
     * or a later one.
     */
    static void upgrade(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (done(statement) == VERSION) {
                return;
            }
            statement.execute(LOCK);
            // somebody else may have run them meanwhile
            for (String file : FILES.subList(done(statement), VERSION)) {
                statement.execute(text(file));
            }
        }
    }

    /** Makes them, where there is no schema of this name. */
    static void create(Statement statement) throws SQLException {
        for (String file : FILES) {
            statement.execute(text(file));
        }
    }

    /** Makes sure that they are there, of a version that can be used, and may be used; says what to do if not. */
    static void require(Statement statement) throws SQLException {
        statement.execute(REQUIRE);
    }

    /** Their version; 0 if they are missing, or from before there were versions. */
    static int version(Statement statement) throws SQLException {
        return isTrue(statement, IS_VERSIONED) ? number(statement, FOUND) : 0;
    }

    /** How many of the files need not be run. */
    private static int done(Statement statement) throws SQLException {
        int version = version(statement);
        if (version > VERSION) {
            return VERSION; // a later file may have undone what is in these
        }
        return isTrue(statement, IS_INTACT) ? version : 0;
    }

    private static boolean isTrue(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static String text(String file) {
        try (InputStream in = OwnTables.class.getResourceAsStream(FOLDER + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(FOLDER + file + " is not on the class path", e);
        }
    }
}
