package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;

import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine's own PgBouncer in transaction mode, on a free port before a server; as it comes, but for the pool. */
final class PgBouncer implements AutoCloseable {
    /** How many connections to the server a database has, which all clients share. */
    static final int CONNECTIONS = 3;

    private final TemporaryFolder folder = new TemporaryFolder("pgbouncer");
    private final Path log = folder.path().resolve("pgbouncer.log");
    private Process process;
    private int port;

    /** Starts it before the server on this port. */
    PgBouncer(int serverPort) throws IOException {
        String program = program();
        do {
            start(program, serverPort); // again, if somebody took the port in between
        } while (!isListening());
    }

    private static String program() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("There is no pgbouncer on the PATH: install PgBouncer (the package"
                                + " pgbouncer on Debian, in /usr/sbin there), or leave out -Ppgbouncer"))
                .toString();
    }

    private void start(String program, int serverPort) throws IOException {
        port = Ports.free();
        // it refuses to run as root
        String user = System.getProperty("user.name").equals("root") ? "user = nobody" : "";
        Path configuration = folder.path().resolve("pgbouncer.ini");
        Files.writeString(configuration, """
                [databases]
                * = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                %s
                """.formatted(serverPort, port, CONNECTIONS, user));
        process = new ProcessBuilder(program, configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private boolean isListening() throws IOException {
        await().until(() -> !process.isAlive() || accepts());
        if (!process.isAlive() && !Files.readString(log).contains("Address already in use")) {
            throw new AssertionError("pgbouncer ended:\n" + Files.readString(log));
        }
        return process.isAlive();
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A database's URL through it. */
    String url(TestDatabase database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database.name() + "?user=postgres";
    }

    /** The same for a driver that prepares a statement on the server once it has been executed so often; 0 is never. */
    String url(TestDatabase database, int prepareThreshold) {
        return url(database) + "&prepareThreshold=" + prepareThreshold;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        folder.close();
    }
}
