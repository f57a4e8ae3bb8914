package io.github.sequinroutes.examples;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestFolder;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each folder of {@code examples}, as its own build has made it, in a process of its own: {@code mvn -Pexamples verify}. */
@Tag("examples")
class ExamplesTest {
    private static final Path BUILT =
            Path.of(System.getProperty("examples.built", "target/examples")).toAbsolutePath();
    private static final Pattern TROUBLE = Pattern.compile("(?m)^.*\\b(?:WARN|ERROR|FATAL)\\b.*|^.*Exception\\b.*");
    private static final Set<Integer> ENDED_BY_SIGTERM = Set.of(0, 128 + 15);
    private static final String ROWS =
            "select id, updated_idx, deleted, name, email from customers order by id collate \"C\"";

    private TestDatabase database;
    private SandboxServer server;
    private SandboxConsumer consumer;
    private TestFolder folder;

    @BeforeEach
    void begin() throws Exception {
        database = new TestDatabase();
        database.execute(Files.readString(Path.of("examples/schema.sql")));
        server = new SandboxServer(0, ExampleProcess.TOKEN);
        consumer = server.consumer("test", Duration.ofSeconds(30), 10_000);
        folder = new TestFolder("examples");
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        database.drop();
        folder.close();
    }

    private ExampleProcess process(String databaseKey) throws IOException {
        return new ExampleProcess(server, database, databaseKey);
    }

    private void drainsAndEnds(ExampleProcess process, String camel) throws Exception {
        Customers customers = new Customers(consumer, process);
        drains(customers);
        ends(process, camel);
    }

    private void drains(Customers customers) throws Exception {
        customers.deliverVersions();
        customers.awaitDrained();
        assertEquals(customers.rows(), database.rows(ROWS));
        customers.deliverDeletions();
        customers.awaitDrained();
        assertEquals(customers.rows(), database.rows(ROWS));
        assertEquals(
                List.of("rejected|stripe:customer"),
                database.rows("select reason, collection from sequin.dead_letters"));
    }

    private void ends(ExampleProcess process, String camel) throws Exception {
        int status = process.terminate();
        String output = process.output();

        assertTrue(ENDED_BY_SIGTERM.contains(status), status + ":\n" + output);
        assertTrue(
                Pattern.compile("Apache Camel " + Pattern.quote(camel) + " .* shutdown in ")
                        .matcher(output)
                        .find(),
                output);
        assertEquals(
                List.of(),
                TROUBLE.matcher(output).results().map(found -> found.group()).toList());
        String open =
                "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        await().until(() -> database.value(open).equals("0"));
    }

    @ParameterizedTest
    @CsvSource({
        "bare, postgres.url, target/app.jar",
        "camel-main, postgres.url, target/app.jar",
        "quarkus, quarkus.datasource.jdbc.url, target/quarkus-app/quarkus-run.jar"
    })
    void drainsAndEnds(String example, String databaseKey, String jar) throws Exception {
        try (ExampleProcess process = process(databaseKey)) {
            process.start(BUILT.resolve(example), "-jar", jar);
            drainsAndEnds(process, "4.18.0");
        }
    }

    @ParameterizedTest
    @CsvSource({"spring-boot, 4.18.0", "spring-boot-4, 4.22.0"})
    void springBootFatJarWithHealthAndMeters(String example, String camel) throws Exception {
        try (ExampleProcess process = process("spring.datasource.url")) {
            process.start(BUILT.resolve(example), "-jar", "target/app.jar");
            drains(new Customers(consumer, process));
            String health = process.get("/actuator/health");
            assertTrue(health.contains("\"sequin\""), health);
            String meters = process.get("/actuator/prometheus");
            assertTrue(meters.contains("sequin_messages_total"), meters);
            ends(process, camel);
        }
    }

    @ParameterizedTest
    @CsvSource({"spring-boot, 4.18.0", "spring-boot-4, 4.22.0"})
    void springBootExtracted(String example, String camel) throws Exception {
        Path jar = ExampleProcess.extract(
                BUILT.resolve(example).resolve("target/app.jar"), folder.path().resolve("app"));
        try (ExampleProcess process = process("spring.datasource.url")) {
            drainsAndEnds(process.start(folder.path(), "-jar", jar.toString()), camel);
        }
    }
}
