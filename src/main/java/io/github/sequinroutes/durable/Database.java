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
    /** A standby answers, but no message should be fetched for it. Raised there, so that the pool notices as well. */
    private static final String CAN_WRITE = """
            do $$ begin
              if current_setting('transaction_read_only') = 'on' then
                raise sqlstate '25006' using message = 'the server is read-only, as a standby is';
              end if;
            end $$""";

    private final DataSource dataSource;
    private volatile boolean migrated;

    /** A database; {@code migrate} says whether the bundle may create its own tables in it. */
    public Database(DataSource dataSource, boolean migrate) {
        this.dataSource = dataSource;
        this.migrated = !migrate;
    }

    /**
     * Makes sure that the database answers, can be written to and has the tables.
     *
     * @throws SQLException if not
     */
    public void prepare() throws SQLException {
        if (!migrated) {
            migrate();
            migrated = true;
        } else {
            ask();
        }
    }

    /**
     * Makes sure that the database answers and can be written to.
     *
     * @throws SQLException if not
     */
    public void ask() throws SQLException {
        execute(CAN_WRITE);
    }

    /**
     * Creates the bundle's own tables, where they are missing.
     *
     * @throws SQLException if the database does not answer or does not allow it
     */
    public void migrate() throws SQLException {
        // sent together, statements are one transaction, which ends with them whatever happens
        execute("select pg_advisory_xact_lock(" + MIGRATION_LOCK + ");\n" + schema());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
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
