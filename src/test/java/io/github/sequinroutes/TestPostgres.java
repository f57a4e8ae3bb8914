package io.github.sequinroutes;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A PostgreSQL server of a test's own, which can be stopped, killed and started again on the same port. */
public final class TestPostgres implements AutoCloseable {
    private final TestFolder folder = new TestFolder("postgres");
    private final Path data = folder.path();
    private final Map<String, String> configuration = new TreeMap<>();
    private final int port;
    private EmbeddedPostgres running;

    /** Starts the server, on a free port. */
    public TestPostgres() throws IOException {
        this(Map.of());
    }

    /** The same, with parameters of its configuration. */
    public TestPostgres(Map<String, String> parameters) throws IOException {
        // as in production: what is committed survives whatever happens to the server
        configuration.put("synchronous_commit", "on");
        configuration.putAll(parameters);
        running = builder().start();
        port = running.getPort();
    }

    private EmbeddedPostgres.Builder builder() {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
        configuration.forEach(builder::setServerConfig);
        return builder;
    }

    /** The port, which stays the same. */
    public int port() {
        return port;
    }

    /** Stops the server in order; clients are told so (57P01). */
    public void stop() throws IOException {
        running.close();
    }

    /** Stops the server at once, as {@code pg_ctl stop -m immediate} does: it will have to recover when it starts. */
    public void crash() throws IOException, InterruptedException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
        server.onExit().join();
        running.close();
    }

    /** Starts the server again. */
    public void start() throws IOException {
        running = builder().setPort(port).start();
    }

    @Override
    public void close() throws IOException {
        stop();
        folder.close();
    }
}
