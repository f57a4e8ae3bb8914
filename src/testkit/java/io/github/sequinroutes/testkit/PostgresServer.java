package io.github.sequinroutes.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** A PostgreSQL server that can be stopped, crashed and started again: it keeps its port and its data. */
public final class PostgresServer implements AutoCloseable {
    private final TemporaryFolder folder = new TemporaryFolder("postgres");
    private final EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
            .setDataDirectory(folder.path())
            .setCleanDataDirectory(false)
            // as in production: what is committed survives whatever happens to the server
            .setServerConfig("synchronous_commit", "on");
    private final int port;
    private EmbeddedPostgres running;

    /** Starts the server, on a free port. */
    public PostgresServer() throws IOException {
        this(Map.of());
    }

    /** The same, with parameters of its configuration. */
    public PostgresServer(Map<String, String> parameters) throws IOException {
        this(parameters, Redirect.PIPE);
    }

    /** The same, with a place for its log; a pipe is read by this process, which logs what the server does. */
    public PostgresServer(Map<String, String> parameters, Redirect log) throws IOException {
        new TreeMap<>(parameters).forEach(builder::setServerConfig);
        builder.setOutputRedirector(log).setErrorRedirector(log);
        running = builder.start();
        port = running.getPort();
        builder.setPort(port);
    }

    /** The port. */
    public int port() {
        return port;
    }

    /** The JDBC URL of one of its databases, with the user in it. */
    public String url(String database) {
        return "jdbc:postgresql://localhost:" + port + "/" + database + "?user=postgres";
    }

    /** A connection to the database postgres. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url("postgres"));
    }

    /** Stops the server in order; clients are told so (57P01). */
    public void stop() throws IOException {
        running.close();
    }

    /** Stops the server at once, as {@code pg_ctl stop -m immediate} does: it will have to recover when it starts. */
    public void crash() throws IOException, InterruptedException {
        long pid = Long.parseLong(Files.readAllLines(folder.path().resolve("postmaster.pid"))
                .get(0)
                .strip());
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        JavaProcess.signal("QUIT", pid);
        server.onExit().join();
        running.close();
    }

    /** Starts the server again. */
    public void start() throws IOException {
        running = builder.start();
    }

    @Override
    public void close() throws IOException {
        stop();
        folder.close();
    }
}
