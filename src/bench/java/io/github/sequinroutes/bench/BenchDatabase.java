package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.PostgresServer;
import io.github.sequinroutes.testkit.SchemaFiles;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** An embedded PostgreSQL that keeps what it has committed: fsync and synchronous_commit are on. */
final class BenchDatabase implements AutoCloseable {
    private final PostgresServer postgres = new PostgresServer(Map.of(
            "fsync", "on",
            "full_page_writes", "on",
            "shared_buffers", "512MB",
            "track_commit_timestamp", "on",
            // what runs now and then would hit one run and spare the next: there is a checkpoint before each
            "autovacuum", "off",
            "max_wal_size", "16GB",
            "checkpoint_timeout", "1h"));
    private Workload loaded;

    BenchDatabase() throws IOException {}

    /** Where the tables of a workload are. */
    String url() {
        return postgres.url("work");
    }

    int port() {
        return postgres.port();
    }

    /** What the server computes. */
    PostgresCpu cpu() throws SQLException, IOException {
        try (Connection connection = postgres.connect()) {
            return new PostgresCpu(query(connection, "select pg_backend_pid()"));
        }
    }

    /** A connection to the tables. It must be closed before the next {@link #reset}. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /** The tables of a workload as each run begins: a copy, to the byte, of what was made once. */
    void reset(Workload workload) throws SQLException, IOException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists work");
            if (!workload.equals(loaded)) {
                statement.execute("drop database if exists pristine");
                statement.execute("create database pristine");
                load(workload);
                loaded = workload;
            }
            statement.execute("create database work template pristine strategy file_copy");
            statement.execute("checkpoint");
        }
    }

    private void load(Workload workload) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(postgres.url("pristine"));
                Statement statement = connection.createStatement()) {
            statement.execute(SchemaFiles.text());
            workload.createTables(statement);
        }
    }

    /** Whoever makes dead letters of the records has not written them, and what was measured means nothing. */
    void checkDeadLetters() throws SQLException {
        try (Connection connection = connect()) {
            String errors = query(connection, "select string_agg(distinct error, ', ') from sequin.dead_letters");
            if (errors != null) {
                throw new IllegalStateException("Records became dead letters: " + errors);
            }
        }
    }

    /** The one value that a query of the server returns. */
    String query(String sql) throws SQLException {
        try (Connection connection = postgres.connect()) {
            return query(connection, sql);
        }
    }

    /** The one value that a query returns. */
    static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
