package io.github.sequinroutes.database;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.UnsuitableDatabaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database, before it is written to: can it be used, does it answer, has it the bundle's tables? Thread-safe. */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final String SCHEMA = "/io/github/sequinroutes/schema/sequin.sql";
    /** Any number, but the same in every process, so that two never create the tables at once. */
    private static final long MIGRATION_LOCK = 0x5e901;
    /** A standby answers, but no message should be fetched for it. Raised there, so that the pool notices as well. */
    private static final String CAN_WRITE = """
            do $$ begin
              if current_setting('transaction_read_only') = 'on' then
                raise sqlstate '25006' using message = 'the server is read-only, as a standby is';
              end if;
            end $$""";

    private static final String NOT_ALLOWED = "42501";

    private static final String HAS_TABLES = """
            do $$ begin
              if to_regnamespace('sequin') is not null and not has_schema_privilege('sequin', 'usage') then
                raise sqlstate '42501' using message = format('role %I may not use schema sequin; grant it usage on that, and '
                  'select, insert, update, delete on all tables in it', current_user);
              end if;
              if to_regclass('sequin.dead_letters_identity') is null or to_regclass('sequin.versions') is null then
                raise sqlstate '42P01' using message = 'the tables of schema sequin are missing, or are those of an earlier '
                  'version, and may not be created; have a role that may create them run migrate';
              end if;
              if not (has_table_privilege('sequin.dead_letters', 'select')
                  and has_table_privilege('sequin.dead_letters', 'insert')
                  and has_table_privilege('sequin.dead_letters', 'update')
                  and has_table_privilege('sequin.versions', 'select')
                  and has_table_privilege('sequin.versions', 'insert')
                  and has_table_privilege('sequin.versions', 'update')
                  and has_table_privilege('sequin.versions', 'delete')) then
                raise sqlstate '42501' using message = format('role %I may not use the tables of schema sequin; grant it '
                  'select, insert, update, delete on all tables in schema sequin', current_user);
              end if;
            end $$""";

    private static final String MAY_CREATE = """
            do $$ begin
              if to_regnamespace('sequin') is null and not has_database_privilege(current_database(), 'create') then
                raise sqlstate '42501' using message = format('schema sequin is missing, and role %I may not create it; have a '
                  'role that may run migrate, or grant it create on database %I', current_user, current_database());
              end if;
            end $$""";

    private static final long PROBE_MILLIS = 5_000;
    private static final long MIGRATION_MILLIS = 60_000;

    private final DataSource dataSource;
    private final Transactions transactions;
    private volatile boolean suitable;
    private volatile boolean complete;
    private volatile boolean migrated;

    /** A database; {@code migrate} says whether the bundle may create its own tables in it. */
    public Database(DataSource dataSource, boolean migrate) {
        this(dataSource, new Transactions(dataSource), migrate);
    }

    /** The same, with transactions of that database. */
    public Database(DataSource dataSource, Transactions transactions, boolean migrate) {
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.migrated = !migrate;
    }

    /** A database in which the bundle needs no tables of its own. */
    public static Database withoutTables(DataSource dataSource) {
        Database database = new Database(dataSource, false);
        database.complete = true;
        return database;
    }

    /**
     * Makes sure that the database answers, can be used, can be written to and has the tables.
     *
     * @throws SQLException if not
     */
    public void prepare() throws SQLException {
        requireSuitable();
        if (!migrated) {
            migrate();
            migrated = true;
        }
        if (complete) {
            ask();
        } else {
            requireTables();
            complete = true;
        }
    }

    /** Whether it answers and can be written to. */
    public boolean answers() {
        try {
            prepare();
            return true;
        } catch (SQLException e) {
            LOG.debug("The database does not answer", e);
            return false;
        }
    }

    /**
     * Makes sure that the server is not too old and the database is UTF8; asks only until it is known.
     *
     * @throws UnsuitableDatabaseException if it cannot be used
     * @throws SQLException                if it does not answer
     */
    public void requireSuitable() throws SQLException {
        if (!suitable) {
            try (Connection connection = dataSource.getConnection()) {
                ServerFacts.of(connection).requireSuitable();
            }
            suitable = true;
        }
    }

    /**
     * Refuses a database that answers and cannot be used; one that is away can still turn out to be the right one.
     *
     * @throws UnsuitableDatabaseException if it cannot be used
     */
    public void refuseUnsuitable() throws UnsuitableDatabaseException {
        try {
            requireSuitable();
        } catch (UnsuitableDatabaseException e) {
            throw e;
        } catch (SQLException e) {
            LOG.warn("The database cannot be used yet. Nothing is fetched until it can: {}", Failures.describe(e));
        }
    }

    /**
     * Makes sure that the database answers and can be written to.
     *
     * @throws SQLException if not
     */
    public void ask() throws SQLException {
        requireSuitable();
        execute(CAN_WRITE, PROBE_MILLIS);
    }

    /**
     * Creates the bundle's own tables, where they are missing.
     *
     * @throws SQLException if the database does not answer, cannot be used or does not allow it
     */
    public void migrate() throws SQLException {
        requireSuitable();
        try {
            execute("select pg_advisory_xact_lock(" + MIGRATION_LOCK + ");\n" + schema(), MIGRATION_MILLIS);
        } catch (SQLException e) {
            if (!NOT_ALLOWED.equals(Failures.sqlState(e))) {
                throw e;
            }
            requireTables(); // somebody else may have created them
        }
    }

    /**
     * Creates the bundle's own tables in a transaction that will be rolled back, if they are missing and {@link #prepare}
     * would create them.
     *
     * @throws SQLException if they are missing and cannot be created, or are those of an earlier version
     */
    public void lendTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("select to_regnamespace('sequin') is null")) {
                row.next();
                statement.execute(row.getBoolean(1) && !migrated ? schema() : HAS_TABLES);
            }
        } catch (SQLException e) {
            if (NOT_ALLOWED.equals(e.getSQLState()) && !migrated) {
                throw new SQLException(
                        "the tables of schema sequin are missing, and this role may not create them, or not use them: have"
                                + " one that may run migrate, and grant it their use (" + Failures.headline(e) + ")",
                        NOT_ALLOWED);
            }
            throw e;
        }
    }

    /**
     * What is wrong with the bundle's own tables, in words for a person; null if nothing is, or they are still to be created.
     *
     * @throws SQLException if the database does not answer
     */
    public String problemOfTables() throws SQLException {
        try {
            requireTables();
            return null;
        } catch (SQLException e) {
            if (!Failures.isReportedByServer(e)) {
                throw e;
            }
            return !migrated && "42P01".equals(Failures.sqlState(e)) ? problemOfCreation() : Failures.describe(e);
        }
    }

    private String problemOfCreation() throws SQLException {
        try {
            execute(MAY_CREATE, PROBE_MILLIS);
            return null;
        } catch (SQLException e) {
            if (!Failures.isReportedByServer(e)) {
                throw e;
            }
            return Failures.describe(e);
        }
    }

    /**
     * Makes sure that the bundle's own tables are there and may be used.
     *
     * @throws SQLException if not, and says what to do
     */
    public void requireTables() throws SQLException {
        execute(CAN_WRITE + ";\n" + HAS_TABLES, PROBE_MILLIS);
    }

    private void execute(String sql, long timeoutMillis) throws SQLException {
        transactions.commit(timeoutMillis, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    private static String schema() {
        try (InputStream in = Database.class.getResourceAsStream(SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(SCHEMA + " is not on the class path", e);
        }
    }
}
