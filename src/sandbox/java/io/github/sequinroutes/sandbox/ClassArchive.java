package io.github.sequinroutes.sandbox;

import io.github.sequinroutes.testkit.ConsumeClient;
import io.github.sequinroutes.testkit.JavaProcess;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TemporaryFolder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Runs the package once against a PostgreSQL and a server of its own, and has the JVM keep the classes that it has loaded,
 * so that the package starts in half the time. The package is as good without: where this fails it says so, and no more.
 */
public final class ClassArchive {
    private static final String NAME = "sequin-postgres-routes.jsa";
    private static final String OPTIONS = "java.options";
    private static final String USE = "-XX:SharedArchiveFile=" + NAME;
    private static final String TOKEN = "archive-token";
    private static final int RECORDS = 500;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Path folder;

    private ClassArchive(Path folder) {
        this.folder = folder;
    }

    /** Makes the archive in the folder of the package, the only argument. */
    public static void main(String[] arguments) throws IOException {
        ClassArchive archive = new ClassArchive(Path.of(arguments[0]).toAbsolutePath());
        archive.forget();
        try {
            archive.dropFractions();
            archive.make();
            archive.use();
        } catch (Exception e) {
            archive.forget();
            System.out.println("[WARNING] No archive of classes was made, and the package starts more slowly without: "
                    + String.valueOf(e.getMessage()).strip());
        }
    }

    /** A JVM that is told of an archive which is not there does without its own as well. */
    private void forget() throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
        List<String> options = Files.readAllLines(folder.resolve(OPTIONS));
        Files.write(
                folder.resolve(OPTIONS),
                options.stream().filter(option -> !option.equals(USE)).toList());
    }

    /** The archive knows a jar by its time, of which the layers of an image keep whole seconds, some of them rounded. */
    private void dropFractions() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                long seconds = Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS);
                Files.setLastModifiedTime(jar, FileTime.from(seconds, TimeUnit.SECONDS));
            }
        }
    }

    private void use() throws IOException {
        Files.writeString(folder.resolve(OPTIONS), USE + "\n", StandardOpenOption.APPEND);
    }

    private void make() throws IOException, SQLException, InterruptedException {
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                EmbeddedPostgres postgres = EmbeddedPostgres.start();
                TemporaryFolder home = new TemporaryFolder("archive")) {
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                for (String file : List.of("stripe.sql", "github.sql")) {
                    statement.execute(Files.readString(Path.of("schema", file)));
                }
            }
            SandboxConsumer consumer = server.consumer("archive", Duration.ofSeconds(30), 10_000);
            new SampleStream(consumer).offer(RECORDS);
            int port = Ports.free();
            Path settings = home.path().resolve("application.properties");
            Files.writeString(settings, """
                    sequin.url=%s
                    sequin.consumer=archive
                    sequin.token=%s
                    sequin.routes=%s
                    sequin.wait-for=0
                    postgres.url=%s
                    camel.management.host=127.0.0.1
                    camel.management.port=%d
                    """.formatted(
                            server.url(),
                            TOKEN,
                            Path.of("routes").toAbsolutePath(),
                            postgres.getJdbcUrl("postgres", "postgres"),
                            port));
            run(settings, home.path().resolve("log"), consumer, port);
        }
    }

    /** Whoever watches the process asks for these, and should not wait for classes. */
    private static void look(int port) throws IOException, InterruptedException {
        for (String path : List.of("health", "health/ready", "health/live", "metrics", "status")) {
            ConsumeClient.getUrl("http://127.0.0.1:" + port + "/observe/" + path);
        }
    }

    private void run(Path settings, Path log, SandboxConsumer consumer, int port)
            throws IOException, InterruptedException {
        List<String> command = List.of(
                "@" + OPTIONS,
                "-XX:ArchiveClassesAtExit=" + NAME,
                "-jar",
                "sequin-postgres-routes.jar",
                "run",
                "--config",
                settings.toString());
        long begin = System.nanoTime();
        // in the folder: the archive knows the jars by the names that they have there
        try (JavaProcess process = new JavaProcess(folder, log, command)) {
            while (consumer.left() > 0 && process.isRunning() && System.nanoTime() - begin < PATIENCE_NANOS) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            if (consumer.left() > 0) {
                throw new IOException(process.output());
            }
            look(port);
            process.terminate();
            if (!process.awaitEnd(Duration.ofMinutes(1)) || !Files.exists(folder.resolve(NAME))) {
                throw new IOException(process.output());
            }
        }
    }
}
