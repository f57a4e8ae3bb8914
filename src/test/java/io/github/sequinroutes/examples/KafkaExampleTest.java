package io.github.sequinroutes.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** examples/kafka: a relay from Sequin to a topic, a writer from the topic to PostgreSQL, and a real broker between them. */
@Tag("examples")
@Execution(ExecutionMode.SAME_THREAD) // starts processes that want all cores
class KafkaExampleTest {
    private static final Path EXAMPLE = Path.of(System.getProperty("examples.built", "target/examples"))
            .toAbsolutePath()
            .resolve("kafka");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ROWS =
            "select id, updated_idx, deleted, name, email from customers order by id collate \"C\"";
    private static final String WAITING =
            "select count(*) from pg_locks where not granted and relation = 'customers'::regclass";

    private TestDatabase database;
    private SandboxServer server;
    private SandboxConsumer consumer;
    private KafkaBroker broker;

    @BeforeEach
    void begin() throws Exception {
        database = new TestDatabase();
        database.execute(Files.readString(Path.of("examples/schema.sql")));
        server = new SandboxServer(0, ExampleProcess.TOKEN);
        consumer = server.consumer("test", Duration.ofSeconds(30), 10_000);
        broker = new KafkaBroker(EXAMPLE.resolve("broker"));
    }

    @AfterEach
    void end() throws Exception {
        broker.close();
        server.close();
        database.drop();
    }

    private ExampleProcess process(String route) throws IOException {
        return new ExampleProcess(server, database, "postgres.url")
                .set("kafka.brokers", broker.address())
                .set("camel.main.routes-include-pattern", "classpath:camel/" + route + ".camel.yaml");
    }

    private static ExampleProcess start(ExampleProcess process) throws IOException {
        return process.start(EXAMPLE, "-jar", "target/app.jar");
    }

    /** Waits for what a process has to do, and shows what it has logged if that does not come. */
    private static void await(ExampleProcess process, Callable<Boolean> done) throws Exception {
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> process.isRunning() && done.call());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(process.output(), e);
        }
    }

    private void awaitRows(Customers customers, ExampleProcess writer) throws Exception {
        List<String> rows = customers.rows();
        await(writer, () -> database.rows(ROWS).equals(rows));
    }

    private void awaitCommitted(ExampleProcess writer) throws Exception {
        await(writer, () -> broker.lags("writer").equals(List.of("0", "0", "0")));
    }

    @Test
    void nothingIsLostOrStaleThoughAWriterIsKilledAndPostgresIsAway() throws Exception {
        try (ExampleProcess relay = start(process("relay"))) {
            Customers customers = new Customers(consumer, relay);
            customers.deliverVersions();
            consumer.offerAsIs("{\"collection_id\": \"stripe:customer\", \"updated_idx\": 1, \"data\": {}}");
            consumer.offerAsIs("17");
            await(relay, () -> consumer.ackPending() > 0);
            int left = consumer.left();
            broker.start();
            // it was there, and nobody has acked what Kafka has not
            assertEquals(left, consumer.left());
            customers.awaitDrained();

            try (Connection blocker = database.connect();
                    Statement statement = blocker.createStatement();
                    ExampleProcess killed = start(process("writer"))) {
                blocker.setAutoCommit(false);
                statement.execute("lock table customers in share mode");
                await(killed, () -> !database.value(WAITING).equals("0"));
                // offsets that were committed by now would be lost
                killed.kill();
                blocker.rollback();
            }
            try (TcpProxy network = new TcpProxy("localhost", database.port());
                    ExampleProcess writer = start(process("writer")
                            .set("postgres.url", database.url().replace(":" + database.port(), ":" + network.port()))
                            .set("postgres.retries", "1"))) {
                awaitRows(customers, writer);
                network.refuse();
                network.cut();
                customers.deliverDeletions();
                customers.awaitDrained();
                // the batch is given up, and must be read again
                writer.awaitOutput("Will break on first error in batch processing mode");
                network.accept();
                awaitRows(customers, writer);
                awaitCommitted(writer);
                // one without an ID is another dead letter each time that it is read
                assertEquals(
                        List.of("rejected|22021|stripe:customer", "rejected|23502|stripe:customer"),
                        database.rows(
                                "select distinct reason, sqlstate, collection from sequin.dead_letters order by sqlstate"));
                writer.assertEnds("4.18.0");
            }
            relay.assertEnds("4.18.0");
        }
    }
}
