package io.github.sequinroutes.chaos;

import io.github.sequinroutes.testkit.PostgresServer;
import io.github.sequinroutes.testkit.SchemaFiles;
import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TcpProxy.Direction;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** All that can fail: the server, the database, the networks to both, and the processes between them. */
final class World implements AutoCloseable {
    final PostgresServer postgres;
    final TcpProxy postgresNetwork;
    final Sequin sequin;
    final TcpProxy sequinNetwork;
    final Bundle bundle;
    final Flow flow = new Flow();
    /** Read by faults of networks and the server, written by what must be the only fault. */
    final ReadWriteLock calm = new ReentrantReadWriteLock(true);
    /** The collections that shall get a record that sleeps. */
    final Queue<Subject> sleepers = new ConcurrentLinkedQueue<>();

    private final Queue<String> problems = new ConcurrentLinkedQueue<>();

    World(Options options) throws IOException, InterruptedException, SQLException {
        Path folder = options.folder();
        if (Files.exists(folder)) {
            TemporaryFolder.delete(folder);
        }
        Files.createDirectories(folder);
        Redirect log = Redirect.appendTo(folder.resolve("postgres.log").toFile());
        // an immediate stop loses what is committed, unless who commits asks for more
        postgres =
                new PostgresServer(Map.of("fsync", "on", "synchronous_commit", "off", "wal_writer_delay", "10s"), log);
        postgresNetwork = new TcpProxy("localhost", postgres.port());
        sequin = Sequin.of(options, flow, sleepers);
        sequinNetwork = new TcpProxy("localhost", URI.create(sequin.url()).getPort());
        Path examples = options.project();
        Path product = options.project().resolve("target/standalone");
        bundle = new Bundle(product.resolve("sequin-postgres-routes.jar"), folder, problems::add);

        List<Path> schemas = new ArrayList<>(List.of(examples.resolve("schema/stripe.sql")));
        schemas.addAll(SchemaFiles.in(product));
        schemas.addAll(sequin.schemas());
        for (Path schema : schemas) {
            execute(Files.readString(schema));
        }
        TemporaryFolder.copy(product.resolve("routes"), folder.resolve("routes"));
        TemporaryFolder.copy(examples.resolve("routes/collections"), folder.resolve("routes/collections"));
        TemporaryFolder.copy(sequin.collections(), folder.resolve("routes/collections"));
        configure(options);
    }

    private void configure(Options options) throws IOException {
        Files.writeString(
                options.folder().resolve("chaos.properties"),
                String.join(
                        "\n",
                        "sequin.url=http://" + sequinNetwork.authority(),
                        String.join("\n", sequin.properties()),
                        "sequin.ack-wait=" + options.ackWait().toMillis() + "ms",
                        "sequin.wait-for=1s",
                        "sequin.workers=2",
                        "sequin.batch-size=" + options.batchSize(),
                        "sequin.dead-letters-per-second=10000",
                        // else a process that starts while the dead letters are away makes new ones
                        "sequin.migrate=false",
                        "postgres.url="
                                + postgres.url("postgres").replace(":" + postgres.port(), ":" + postgresNetwork.port()),
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

    /** A collection that has a route. */
    Subject anySubject(Random random) {
        return sequin.subjects().get(random.nextInt(sequin.subjects().size()));
    }

    /** The Stream API, whose faults ask for more than others have. */
    StreamSequin stream() {
        return (StreamSequin) sequin;
    }

    /** Notes what must not happen, and is neither a lost nor a stale record. */
    void problem(String description) {
        problems.add(description);
    }

    /** What must not have happened. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Executes a statement past any proxy, and tries again until it succeeds. */
    void execute(String sql) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = postgres.connect();
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

    @Override
    public void close() throws IOException {
        bundle.close();
        sequinNetwork.close();
        postgresNetwork.close();
        sequin.close();
        postgres.close();
    }
}
