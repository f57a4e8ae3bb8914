package io.github.sequinroutes.durable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The database, before it is written to: does it answer, and has it the bundle's own tables? Thread-safe. */
public final class Database {
    private static final String SCHEMA = "/schema/sequin.sql";
    /** Any number, but the same in every process, so that two never create the tables at once. */
    private static final long MIGRATION_LOCK = 0x5e901;

    private final DataSource dataSource;
    private volatile boolean migrated;

    /** A database; {@code migrate} says whether the bundle may create its own tables in it. */
    public Database(DataSource dataSource, boolean migrate) {
        this.dataSource = dataSource;
        this.migrated = !migrate;
    }

    /**
     * Makes sure that the database answers and has the tables.
     *
     * @throws SQLException if not
     */
    public void prepare() throws SQLException {
        if (!migrated) {
            migrate();
            migrated = true;
        } else {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("select 1");
            }
        }
    }

    /**
     * Creates the bundle's own tables, where they are missing.
     *
     * @throws SQLException if the database does not answer or does not allow it
     */
    public void migrate() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(" + MIGRATION_LOCK + ")");
                statement.execute(schema());
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static String schema() {
        try (InputStream in = Database.class.getResourceAsStream(SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(SCHEMA + " is not on the class path", e);
        }
    }
}
