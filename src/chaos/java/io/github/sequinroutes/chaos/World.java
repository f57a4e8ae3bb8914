package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.sandbox.TcpProxy;
import io.github.sequinroutes.sandbox.TcpProxy.Direction;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/** All that can fail: the server, the database, the networks to both, and the processes between them. */
final class World implements AutoCloseable {
    private static final String CONSUMER = "chaos";
    private static final String TOKEN = "chaos-token";
    private static final int MAX_ACK_PENDING = 5_000;

    final Postgres postgres;
    final TcpProxy postgresNetwork;
    final SandboxServer sequin;
    final SandboxConsumer consumer;
    final TcpProxy sequinNetwork;
    final Bundle bundle;
    final Flow flow = new Flow();
    /** Read by what troubles networks and the server, written by what must be the only trouble. */
    final ReadWriteLock calm = new ReentrantReadWriteLock(true);
    /** The collections that shall get a record that sleeps. */
    final Queue<Subject> sleepers = new ConcurrentLinkedQueue<>();

    private final Queue<String> problems = new ConcurrentLinkedQueue<>();

    World(Options options) throws IOException, InterruptedException {
        Path folder = options.folder();
        delete(folder);
        Files.createDirectories(folder);
        postgres = new Postgres(folder.resolve("postgres.log"));
        postgresNetwork = new TcpProxy("localhost", postgres.port());
        sequin = new SandboxServer(0, TOKEN);
        consumer = sequin.consumer(CONSUMER, options.ackWait(), MAX_ACK_PENDING);
        sequinNetwork = new TcpProxy("localhost", URI.create(sequin.url()).getPort());
        Path product = options.project().resolve("target/standalone");
        bundle = new Bundle(product.resolve("sequin-postgres-routes.jar"), folder, problems::add);

        for (Path schema : List.of(
                product.resolve("schema/stripe.sql"),
                product.resolve("schema/sequin.sql"),
                options.project().resolve("src/chaos/schema.sql"))) {
            postgres.execute(Files.readString(schema));
        }
        copy(product.resolve("routes"), folder.resolve("routes"));
        copy(options.project().resolve("src/chaos/routes"), folder.resolve("routes/collections"));
        configure(options);
    }

    private void configure(Options options) throws IOException {
        Files.writeString(
                options.folder().resolve("chaos.properties"),
                String.join(
                        "\n",
                        "sequin.url=http://" + sequinNetwork.authority(),
                        "sequin.consumer=" + CONSUMER,
                        "sequin.token=" + TOKEN,
                        "sequin.ack-wait=" + options.ackWait().toMillis() + "ms",
                        "sequin.wait-for=1s",
                        "sequin.workers=2",
                        "sequin.batch-size=" + options.batchSize(),
                        "sequin.dead-letters-per-second=10000",
                        // else a process that starts while the dead letters are away makes new ones
                        "sequin.migrate=false",
                        "postgres.url=" + postgres.url().replace(":" + postgres.port(), ":" + postgresNetwork.port()),
                        "camel.management.enabled=false"));
    }

    /** Ends whatever network and server faults there are. */
    void heal() throws IOException {
        for (TcpProxy network : List.of(postgresNetwork, sequinNetwork)) {
            for (Direction direction : Direction.values()) {
                network.cutAfter(Long.MAX_VALUE, direction);
            }
            network.delay(Duration.ZERO);
            network.resume();
            network.accept();
        }
        sequin.faults().clear();
    }

    /** Notes what must not happen, and is neither a lost nor a stale record. */
    void problem(String description) {
        problems.add(description);
    }

    /** What must not have happened. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (!Files.isDirectory(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    @Override
    public void close() throws IOException {
        bundle.close();
        sequinNetwork.close();
        postgresNetwork.close();
        sequin.close();
        postgres.close();
    }
}
