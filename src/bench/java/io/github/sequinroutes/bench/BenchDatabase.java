package io.github.sequinroutes.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** An embedded PostgreSQL that keeps what it has committed: fsync and synchronous_commit are on. */
final class BenchDatabase implements AutoCloseable {
    private final EmbeddedPostgres postgres = EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            .start();

    BenchDatabase() throws IOException {}

    String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url() + "&reWriteBatchedInserts=true");
    }

    /** Empty tables, as each run begins. */
    void reset() throws SQLException, IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema if exists stripe, github, sequin cascade");
            for (String file : List.of("stripe.sql", "github.sql", "sequin.sql")) {
                statement.execute(Files.readString(Path.of("schema", file)));
            }
            statement.execute("checkpoint");
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
