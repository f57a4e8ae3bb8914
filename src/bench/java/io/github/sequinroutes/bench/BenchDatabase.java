package io.github.sequinroutes.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** An embedded PostgreSQL that keeps what it has committed: fsync and synchronous_commit are on. */
final class BenchDatabase implements AutoCloseable {
    private final EmbeddedPostgres postgres = EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("track_commit_timestamp", "on")
            // what runs now and then would hit one run and spare the next: there is a checkpoint before each
            .setServerConfig("autovacuum", "off")
            .setServerConfig("max_wal_size", "16GB")
            .setServerConfig("checkpoint_timeout", "1h")
            .start();
    private Workload loaded;

    BenchDatabase() throws IOException {}

    /** Where the tables of a workload are. */
    String url() {
        return url("work");
    }

    private String url(String name) {
        return postgres.getJdbcUrl("postgres", name);
    }

    int port() {
        return postgres.getPort();
    }

    /** A connection to the tables. It must be closed before the next {@link #reset}. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /** A connection to the server, whatever becomes of the tables. */
    Connection connectToServer() throws SQLException {
        return DriverManager.getConnection(url("postgres"));
    }

    /** The tables of a workload as each run begins: a copy, to the byte, of what was made once. */
    void reset(Workload workload) throws SQLException, IOException {
        try (Connection connection = connectToServer();
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
        try (Connection connection = DriverManager.getConnection(url("pristine"));
                Statement statement = connection.createStatement()) {
            statement.execute(Files.readString(Path.of("schema", "sequin.sql")));
            workload.createTables(statement);
        }
    }

    /** Whoever makes dead letters of the records has not written them, and what was measured means nothing. */
    void checkDeadLetters() throws SQLException {
        String count = query("select count(*) from sequin.dead_letters");
        if (!count.equals("0")) {
            throw new IllegalStateException(
                    count + " records became dead letters, such as: " + query("select error from sequin.dead_letters"));
        }
    }

    /** A setting of the server. */
    String show(String setting) throws SQLException {
        try (Connection connection = connectToServer()) {
            return query(connection, "show " + setting);
        }
    }

    /** The one value that a query of the tables returns. */
    String query(String sql) throws SQLException {
        try (Connection connection = connect()) {
            return query(connection, sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Executes a statement by itself. */
    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The process that starts all the others of the server. */
    ProcessHandle postmaster() throws IOException, SQLException {
        // the first line of its file
        String pid = Files.readAllLines(Path.of(show("data_directory"), "postmaster.pid"))
                .get(0)
                .strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
