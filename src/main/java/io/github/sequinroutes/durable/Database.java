package io.github.sequinroutes.durable;

import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.judge.UnsuitableDatabaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database, before it is written to: can it be used, does it answer, has it the bundle's tables? Thread-safe. */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final String SCHEMA = "/schema/sequin.sql";
    /** Any number, but the same in every process, so that two never create the tables at once. */
    private static final long MIGRATION_LOCK = 0x5e901;
    /** A standby answers, but no message should be fetched for it. Raised there, so that the pool notices as well. */
    private static final String CAN_WRITE = """
            do $$ begin
              if current_setting('transaction_read_only') = 'on' then
                raise sqlstate '25006' using message = 'the server is read-only, as a standby is';
              end if;
            end $$""";

    private static final long PROBE_MILLIS = 5_000;
    private static final long MIGRATION_MILLIS = 60_000;

    private final DataSource dataSource;
    private final Transactions transactions;
    private volatile boolean suitable;
    private volatile boolean migrated;

    /** A database; {@code migrate} says whether the bundle may create its own tables in it. */
    public Database(DataSource dataSource, boolean migrate) {
        this.dataSource = dataSource;
        transactions = new Transactions(dataSource);
        this.migrated = !migrate;
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
        } else {
            ask();
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
        execute("select pg_advisory_xact_lock(" + MIGRATION_LOCK + ");\n" + schema(), MIGRATION_MILLIS);
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
