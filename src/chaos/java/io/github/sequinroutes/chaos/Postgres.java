package io.github.sequinroutes.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL that can be restarted: it keeps its port and its data. */
final class Postgres implements AutoCloseable {
    private final Path data = Files.createTempDirectory("chaos-postgres");
    private final File log;
    private EmbeddedPostgres server;
    private final int port;

    Postgres(Path log) throws IOException {
        this.log = log.toFile();
        start(0);
        port = server.getPort();
    }

    int port() {
        return port;
    }

    /** The JDBC URL, past any proxy. */
    String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    /** A connection past any proxy. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /** Executes a statement, and tries again until it succeeds. */
    void execute(String sql) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                // what the harness changes must not be undone by a crash
                statement.execute("set lock_timeout = '2s'; set synchronous_commit = on");
                statement.execute(sql);
                return;
            } catch (SQLException e) {
                if (attempt == 100) {
                    throw new IllegalStateException(sql, e);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** Stops it, all connections included, at once or even without a checkpoint. */
    void stop(boolean immediately) throws IOException, InterruptedException {
        if (immediately) {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            Machines.signal("QUIT", pid);
            while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        server.close();
    }

    /** Starts it again. */
    void start() throws IOException {
        start(port);
    }

    private void start(int at) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOutputRedirector(Redirect.appendTo(log))
                .setErrorRedirector(Redirect.appendTo(log))
                // an immediate stop loses what is committed, unless who commits asks for more
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("wal_writer_delay", "10s");
        server = (at == 0 ? builder : builder.setPort(at)).start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
