package io.github.sequinroutes.database;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.UnsuitableDatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database, before it is written to: can it be used, does it answer, has it the bundle's tables? Thread-safe. */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    /**
     * A standby answers, and so does a server on which somebody has locked the bundle's own tables, but no message should be
     * fetched for it. Raised there, so that the pool notices as well.
     */
    private static final String CAN_WRITE = """
            do $$
            declare
              own text;
            begin
              if current_setting('transaction_read_only') = 'on' then
                raise sqlstate '25006' using message = 'the server is read-only, as a standby is';
              end if;
              foreach own in array array['versions', 'dead_letters'] loop
                begin
                  execute format('update sequin.%I set collection = collection where false', own);
                exception
                  when lock_not_available then
                    raise sqlstate '55P03' using message = format('the table sequin.%I is locked', own);
                  when invalid_schema_name or undefined_table or insufficient_privilege then null;
                end;
              end loop;
            end $$""";

    private static final String NOT_ALLOWED = "42501";

    private static final String MAY_CREATE = """
            do $$ begin
              if to_regnamespace('sequin') is null and not has_database_privilege(current_database(), 'create') then
                raise sqlstate '42501' using message = format('schema sequin is missing, and role %I may not create it; have a '
                  'role that may run migrate, or grant it create on database %I', current_user, current_database());
              end if;
              if exists (
                select from pg_class where oid = to_regclass('sequin.dead_letters') and not pg_has_role(relowner, 'usage')) then
                raise sqlstate '42501' using message = format('the tables of schema sequin are of an earlier version, and role '
                  '%I may not change them; have the role that owns them run migrate', current_user);
              end if;
              if to_regnamespace('sequin') is not null and not has_schema_privilege('sequin', 'create') then
                raise sqlstate '42501' using message = format('the tables of schema sequin are missing, and role %I may not '
                  'create them there; have the role that owns the schema run migrate', current_user);
              end if;
            end $$""";

    private static final long PROBE_MILLIS = 5_000;
    /** Whoever holds a lock for longer has others wait for it. */
    private static final long LOCK_MILLIS = 3_000;

    private static final long MIGRATION_MILLIS = 60_000;

    private final DataSource dataSource;
    private final Transactions transactions;
    private volatile boolean suitable;
    private volatile boolean complete;
    /** Workers prepare it at the same time, and one of them is to say so. */
    private final AtomicBoolean laterIsTold = new AtomicBoolean();

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
            logLaterVersion();
            complete = true;
        }
    }

    private void logLaterVersion() throws SQLException {
        int version = requireTables();
        if (version > OwnTables.VERSION && laterIsTold.compareAndSet(false, true)) {
            LOG.info(
                    "The tables of schema sequin are of version {}, later than this bundle's {}, which can use them.",
                    version,
                    OwnTables.VERSION);
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
            LOG.debug("The database cannot be used yet", e); // the workers say so
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
     * Creates the bundle's own tables where they are missing, and brings those of an earlier version to this one's.
     *
     * @throws SQLException if the database does not answer, cannot be used or does not allow it
     */
    public void migrate() throws SQLException {
        requireSuitable();
        try {
            transactions.commit(MIGRATION_MILLIS, OwnTables::upgrade);
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
                if (row.getBoolean(1) && !migrated) {
                    OwnTables.create(statement);
                } else {
                    OwnTables.require(statement);
                }
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
     * @return their version
     * @throws SQLException if not, and says what to do
     */
    public int requireTables() throws SQLException {
        int[] version = new int[1];
        transactions.commit(PROBE_MILLIS, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(CAN_WRITE);
                OwnTables.require(statement);
                version[0] = OwnTables.version(statement);
            }
        });
        return version[0];
    }

    private void execute(String sql, long timeoutMillis) throws SQLException {
        transactions.commit(timeoutMillis, LOCK_MILLIS, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }
}
