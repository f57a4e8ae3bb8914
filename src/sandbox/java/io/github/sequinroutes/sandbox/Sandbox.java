package io.github.sequinroutes.sandbox;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.cli.Settings;
import io.github.sequinroutes.cli.Standalone;
import io.github.sequinroutes.sandbox.feed.RecordsFile;
import io.github.sequinroutes.sandbox.replica.StreamSandbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The main job on a fresh machine: an embedded PostgreSQL, a stand-in for the Sequin server with sample records, and
 * the routes that production uses. {@code -Dsandbox.exit} ends it once drained, {@code -Dsandbox.records=N} sets how
 * many records there are, {@code -Dsandbox.records-file=FILE} has those of a file in place of these, {@code -Dsandbox.server}
 * starts the stand-in alone, for a worker of your own, {@code -Dsandbox.port} sets its port, {@code -Dsandbox.consumers} names
 * several consumers. {@code -Dsandbox.api=stream} replicates a live database instead.
 */
public final class Sandbox {
    private static final List<String> OPTIONS = List.of(
            "sandbox.exit",
            "sandbox.records",
            "sandbox.records-file",
            "sandbox.server",
            "sandbox.port",
            "sandbox.consumers",
            "sandbox.api");
    /** Sequin's own. */
    private static final int PORT = 7376;

    private static final String TOKEN = "sandbox-token";
    private static final List<String> TABLES = List.of("stripe.subscriptions", "stripe.customers", "github.issues");

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final CountDownLatch forEver = new CountDownLatch(1);

    private Sandbox() {}

    /** Runs the sandbox. */
    public static void main(String[] arguments) {
        Sandbox sandbox = new Sandbox();
        int status = 0;
        try {
            boolean serverAlone = System.getProperty("sandbox.server") != null;
            status = sandbox.run(serverAlone, System.getProperty("sandbox.exit") != null) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            sandbox.out.println(e.getMessage());
            status = 2;
        } catch (Exception e) {
            e.printStackTrace(sandbox.out);
            status = 1;
        }
        // not just a return: the JVM is Maven's
        System.exit(status);
    }

    /** Whether all came out as it should. */
    private boolean run(boolean serverAlone, boolean exit) throws Exception {
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("sandbox.") && !OPTIONS.contains(name)) {
                throw new IllegalArgumentException(
                        "-D" + name + " is no option of the sandbox; they are -D" + String.join(", -D", OPTIONS));
            }
        }
        out.println("Starting ...");
        Path file = file();
        int records = number("sandbox.records", file == null ? 5_000 : 0);
        String api = System.getProperty("sandbox.api", "consume");
        if (api.equals("stream")) {
            return new StreamSandbox(out, records, port(), file).run(serverAlone, exit);
        }
        if (!api.equals("consume")) {
            throw new IllegalArgumentException("-Dsandbox.api must be consume or stream, not '" + api + "'");
        }
        try (SandboxServer server = new SandboxServer(port(), TOKEN)) {
            List<String> names = consumers();
            List<SandboxConsumer> consumers = names.stream()
                    .map(name -> server.consumer(name, Duration.ofSeconds(30), 10_000))
                    .toList();
            if (records > 0) {
                consumers.forEach(each -> new SampleStream(each).offer(records));
            }
            SandboxConsumer consumer = consumers.get(0);
            out.printf("Sequin stand-in: %s, consumer %s, token %s%n", server.url(), names.get(0), TOKEN);
            if (names.size() > 1) {
                out.println("Others with the same records: " + String.join(", ", names.subList(1, names.size())));
            }
            out.println("A record without updated_idx gets a version that is newer than all before.");
            RecordsFile.follow(file, server.url(), server.feed(), out::println);
            if (serverAlone) {
                forEver.await();
            }
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
                createTables(postgres);
                out.println("PostgreSQL:      " + postgres.getJdbcUrl("postgres", "postgres"));
                try (Standalone standalone = new Standalone(settings(server, names.get(0), postgres), Mode.RUN)) {
                    long begin = System.nanoTime();
                    standalone.start();
                    drain(consumer, records);
                    report(postgres, consumer, System.nanoTime() - begin);
                    if (!exit) {
                        out.printf(
                                "%nLook for yourself:%n  psql postgresql://postgres@localhost:%d/postgres%nCtrl-C ends it.%n",
                                postgres.getPort());
                        forEver.await();
                    }
                }
            }
        }
        return true;
    }

    private static Path file() {
        String file = System.getProperty("sandbox.records-file");
        if (file != null && (file.isBlank() || Files.isDirectory(Path.of(file)))) {
            throw new IllegalArgumentException("-Dsandbox.records-file must name a file, not '" + file + "'");
        }
        return file == null ? null : Path.of(file);
    }

    /** The one that is asked for, or else the same each time, unless somebody has it. */
    private int port() {
        int port = number("sandbox.port", PORT);
        if (System.getProperty("sandbox.port") != null) {
            return port;
        }
        try (ServerSocket free = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            out.println("Port " + PORT + " is taken, so the stand-in has another; -Dsandbox.port sets it.");
            return 0;
        }
    }

    private static int number(String option, int fallback) {
        String value = System.getProperty(option, Integer.toString(fallback));
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("-D" + option + " must be a whole number, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    private static List<String> consumers() {
        String names = System.getProperty("sandbox.consumers", "sandbox");
        if (!names.matches("[\\w-]+(,[\\w-]+)*")) {
            throw new IllegalArgumentException(
                    "-Dsandbox.consumers must be names such as old,new, and not '" + names + "'");
        }
        return List.of(names.split(","));
    }

    private static Settings settings(SandboxServer server, String consumer, EmbeddedPostgres postgres) {
        Properties given = new Properties();
        given.setProperty("sequin.url", server.url());
        given.setProperty("sequin.consumer", consumer);
        given.setProperty("sequin.token", TOKEN);
        given.setProperty("postgres.url", postgres.getJdbcUrl("postgres", "postgres"));
        given.setProperty("camel.management.enabled", "false");
        return new Settings(given, variable -> null);
    }

    private static void createTables(EmbeddedPostgres postgres) throws SQLException, IOException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String file : List.of("stripe.sql", "github.sql")) {
                statement.execute(Files.readString(Path.of("schema", file)));
            }
        }
    }

    private void drain(SandboxConsumer consumer, int records) throws InterruptedException {
        int told = -1;
        int left;
        do {
            left = consumer.left();
            if (left != told) {
                out.printf("%7d of about %d messages to go%n", left, records);
                told = left;
            }
        } while (left > 0 && !forEver.await(500, TimeUnit.MILLISECONDS));
    }

    private void report(EmbeddedPostgres postgres, SandboxConsumer consumer, long nanos) throws SQLException {
        out.printf(
                "%nDrained %d messages in %.1f s, start of the routes included.%n%n",
                consumer.delivered(), nanos / 1e9);
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            out.println("What landed:");
            for (String table : TABLES) {
                print(
                        statement,
                        "select format('  %-22s %s rows, %s of them deleted', '" + table
                                + "', count(*), count(*) filter (where deleted)) from " + table);
            }
            out.println("What did not (sequin.dead_letters):");
            print(
                    statement,
                    "select format('  %-20s %-20s %s', coalesce(collection, '(no collection)'), reason, "
                            + "replace(error, chr(10), ' ')) from sequin.dead_letters order by id");
        }
    }

    private void print(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                out.println(rows.getString(1));
            }
        }
    }
}
