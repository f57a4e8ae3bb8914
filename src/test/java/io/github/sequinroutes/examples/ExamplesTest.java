package io.github.sequinroutes.examples;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each folder of {@code examples}, as its own build has made it, in a process of its own. */
@Tag("examples")
@Execution(ExecutionMode.SAME_THREAD) // each starts a process that wants all cores
class ExamplesTest {
    private static final Path BUILT =
            Path.of(System.getProperty("examples.built", "target/examples")).toAbsolutePath();

    private static final Pattern TROUBLE = Pattern.compile("(?m)^.*(?:\\b(?:WARN|ERROR|FATAL)\\b|Exception\\b).*");
    private static final Pattern DEAD_LETTER = Pattern.compile("1 message became a dead letter");

    private static final String ROWS =
            "select id, updated_idx, deleted, name, email from customers order by id collate \"C\"";
    private static final String DEAD_LETTERS = "select reason, sqlstate, collection from sequin.dead_letters";
    private static final String CONNECTIONS =
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

    /** What a Spring Boot application may lack. */
    private static final List<String> OPTIONAL = List.of(
            "HikariCP-.*",
            "micrometer-(?:core|jakarta9|registry-prometheus)-.*",
            "camel-health-.*",
            "spring-boot-(?:starter-)?(?:actuator|health)-.*");

    /** What the process of the bundle's own has besides, or a host that is no bare context. */
    private static final String STANDALONE =
            "(?:camel-(?:main|health|kamelet|micrometer|platform|spring|core-starter).*|HikariCP|picocli|log4j|logback"
                    + "|vertx|netty|micrometer|spring-(?:boot|context)).*";

    private TestDatabase database;
    private SandboxServer server;
    private SandboxConsumer consumer;
    private TemporaryFolder folder;

    @BeforeEach
    void begin() throws Exception {
        database = new TestDatabase();
        database.execute(Files.readString(Path.of("examples/schema.sql")));
        server = new SandboxServer(0, ExampleProcess.TOKEN);
        consumer = server.consumer("test", Duration.ofSeconds(30), 10_000);
        folder = new TemporaryFolder("examples");
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

    private void drains(ExampleProcess process) throws Exception {
        Customers customers = new Customers(consumer, process);
        customers.deliverVersions();
        customers.awaitDrained();
        assertEquals(customers.rows(), database.rows(ROWS));
        customers.deliverDeletions();
        customers.awaitDrained();
        assertEquals(customers.rows(), database.rows(ROWS));
        assertEquals(List.of("rejected|22021|stripe:customer"), database.rows(DEAD_LETTERS));
        // both workers poll on, each at least once for as long as a request is held
        int polls = server.requests().count(RequestKind.NEXT) + 4;
        await().until(() -> process.isRunning() && server.requests().count(RequestKind.NEXT) >= polls);
    }

    private void ends(ExampleProcess process, String camel) throws Exception {
        process.assertEnds(camel);
        await().until(() -> database.value(CONNECTIONS).equals("0"));
    }

    /** Nothing in the log but the record that is wrong. */
    private static void assertNoTrouble(ExampleProcess process) throws IOException {
        List<String> trouble = TROUBLE.matcher(process.output())
                .results()
                .map(MatchResult::group)
                .toList();
        assertEquals(1, trouble.size(), process.output());
        assertTrue(DEAD_LETTER.matcher(trouble.get(0)).find(), trouble.get(0));
    }

    @Test
    void theJarBringsNothingOptionalAlong() throws Exception {
        List<String> jars = names(BUILT.resolve("bare/target/lib"));
        assertTrue(jars.stream().anyMatch(jar -> jar.startsWith("sequin-postgres-routes-")), jars.toString());
        assertEquals(
                List.of(), jars.stream().filter(jar -> jar.matches(STANDALONE)).toList());
    }

    @ParameterizedTest
    @CsvSource({"bare, postgres.url, target/app.jar", "camel-main, postgres.url, target/app.jar"})
    void drainsAndEnds(String example, String databaseKey, String jar) throws Exception {
        try (ExampleProcess process = process(databaseKey)) {
            process.start(BUILT.resolve(example), "-jar", jar);
            drains(process);
            ends(process, "4.18.0");
            assertNoTrouble(process);
        }
    }

    @Test
    void quarkusWithHealth() throws Exception {
        try (ExampleProcess process = process("quarkus.datasource.jdbc.url")) {
            process.set("quarkus.http.port", "0");
            process.start(BUILT.resolve("quarkus"), "-jar", "target/quarkus-app/quarkus-run.jar");
            drains(process);
            String ready = process.get("/q/health/ready");
            assertTrue(Pattern.compile("\"records\": *\"UP").matcher(ready).find(), ready);
            assertNoTrouble(process);
            server.close();
            await().until(() -> {
                String health = process.get("/q/health/ready");
                return health.contains("\"DOWN\"")
                        && Pattern.compile("\"records\": *\"DOWN: ")
                                .matcher(health)
                                .find();
            });
            String live = process.get("/q/health/live");
            assertTrue(Pattern.compile("\"status\": *\"UP\"").matcher(live).find(), live);
            ends(process, "4.18.0");
        }
    }

    @Test
    void aRouteOfKamelets() throws Exception {
        try (ExampleProcess process = process("postgres.url")) {
            process.start(BUILT.resolve("kamelet"), "-jar", "target/app.jar");
            drains(process);
            ends(process, "4.18.0");
            assertFalse(TROUBLE.matcher(process.output()).find(), process.output());
        }
    }

    @ParameterizedTest
    @CsvSource({"spring-boot, 4.18.0", "spring-boot-4, 4.22.0"})
    void springBootFatJarWithHealthAndMeters(String example, String camel) throws Exception {
        try (ExampleProcess process = process("spring.datasource.url")) {
            process.start(BUILT.resolve(example), "-jar", "target/app.jar");
            drains(process);
            String health = process.get("/actuator/health");
            assertTrue(health.contains("\"status\":\"UP\"") && health.contains("\"records\":\"UP\""), health);
            String meters = process.get("/actuator/prometheus");
            String dead =
                    "(?m)^sequin_messages_total\\{bundle=\"sequin\",collection=\"[^\"]+\",outcome=\"dead-lettered\"} 1\\.0$";
            assertTrue(Pattern.compile(dead).matcher(meters).find(), meters);
            assertNoTrouble(process);
            server.close();
            await().until(() -> process.get("/actuator/health").contains("\"records\":\"DOWN\""));
            await().until(() -> process.get("/actuator/health/readiness").contains("\"status\":\"DOWN\""));
            String live = process.get("/actuator/health/liveness");
            assertTrue(live.contains("\"status\":\"UP\""), live);
            ends(process, camel);
        }
    }

    @ParameterizedTest
    @CsvSource({"spring-boot, 4.18.0", "spring-boot-4, 4.22.0"})
    void springBootExtracted(String example, String camel) throws Exception {
        Path jar = extract(example);
        try (ExampleProcess process = process("spring.datasource.url")) {
            process.start(folder.path(), "-jar", jar.toString());
            drains(process);
            ends(process, camel);
            assertNoTrouble(process);
        }
    }

    @ParameterizedTest
    @CsvSource({"spring-boot, 4.18.0", "spring-boot-4, 4.22.0"})
    void springBootWithoutWhatIsOptional(String example, String camel) throws Exception {
        Path jar = extract(example);
        for (String optional : OPTIONAL) {
            delete(jar.resolveSibling("lib"), optional);
        }
        try (ExampleProcess process = process("spring.datasource.url")) {
            process.set("spring.datasource.type", "org.postgresql.ds.PGSimpleDataSource");
            process.start(folder.path(), "-jar", jar.toString());
            drains(process);
            ends(process, camel);
            assertNoTrouble(process);
        }
    }

    private Path extract(String example) throws Exception {
        return ExampleProcess.extract(
                BUILT.resolve(example).resolve("target/app.jar"), folder.path().resolve("app"));
    }

    private static void delete(Path folder, String pattern) throws IOException {
        List<String> found =
                names(folder).stream().filter(jar -> jar.matches(pattern)).toList();
        assertFalse(found.isEmpty(), pattern);
        for (String jar : found) {
            Files.delete(folder.resolve(jar));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
