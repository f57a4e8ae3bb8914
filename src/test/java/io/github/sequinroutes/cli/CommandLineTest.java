package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of the commands: exit statuses and messages, never a stack trace. */
@Order(1) // takes long
class CommandLineTest {
    private static final String TEMPLATE = "routes/collections/github-issue.upsert.sql";
    private static final String ROUTE = "routes/collections/github-issue.camel.yaml";

    private static void assertExit(int status, TestProcess process) throws Exception {
        assertEquals(status, process.exitStatus(), process.output());
        assertFalse(process.output().contains("\tat "), process.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run ", "check ", "migrate "})
    void helpAndVersion(String command) throws Exception {
        try (TestProcess process = new TestProcess()) {
            assertExit(0, process.startAsIs((command + "--help").split(" ", -1)));
            assertTrue(process.output().startsWith("Usage: sequin-postgres-routes " + command), process.output());
        }
        try (TestProcess process = new TestProcess()) {
            assertExit(0, process.startAsIs((command + "--version").split(" ", -1)));
            assertTrue(process.output().startsWith("sequin-postgres-routes "), process.output());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "--bogus", "run --bogus", "run bogus", "--config"})
    void wrongUsage(String arguments) throws Exception {
        try (TestProcess process = new TestProcess()) {
            assertExit(2, process.startAsIs(arguments.split(" ", -1)));
            assertTrue(process.output().contains("Usage: sequin-postgres-routes "), process.output());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "migrate"})
    void wrongConfiguration(String command) throws Exception {
        try (TestProcess process = new TestProcess()) {
            process.set("sequin.batch-size", "0").set("sequin.tokn", "x").set("sequin.token", "a b");
            assertExit(2, process.start(command));
            assertEquals(
                    "The configuration cannot be used: postgres.url sequin.batch-size sequin.consumer sequin.token"
                            + " sequin.tokn sequin.url",
                    process.output()
                            .replaceAll("(?m)^  (\\S+) .*$", "$1")
                            .replaceAll("\\s+", " ")
                            .strip());
        }
    }

    /** What is replaced in the shipped route, by what, and what is said of it after the file's name. */
    private static final String[][] MISTAKES = {
        {"upsert.sql", "upzert.sql", ":8:16: there is no file"},
        {"    routeId", "   routeId", ":3:"},
        {
            "parameters",
            "parameterz",
            ":4:5: parameterz is nothing that a templatedRoute can have; did you mean parameters?"
        },
        {"value:", "valu:", ":6:9: a parameter has a name and a value, not valu; did you mean value?"},
        {"Ref: collection", "Ref: colection", ":2:23: there is no route template colection; did you mean collection?"},
        {
            "name: upsert",
            "name: upzert",
            ":7:15: route template collection has no parameter upzert; did you mean upsert?"
        },
    };

    private static final String MISTAKE_IN_TEMPLATE =
            "routes/collections/test-broken.upsert.sql:2:17:" + " the string constant has no end";

    /** A collection for each mistake, as the shipped one but for that. */
    private static void makeMistakes(TestProcess process) throws IOException {
        String shipped = Files.readString(process.file(ROUTE));
        for (int i = 0; i < MISTAKES.length; i++) {
            String route = shipped.replace("github-issue", "test-m" + i).replace("github:issue", "test:m" + i);
            Files.writeString(
                    process.file("routes/collections/test-m" + i + ".camel.yaml"),
                    route.replace(MISTAKES[i][0], MISTAKES[i][1]));
            Files.copy(process.file(TEMPLATE), process.file("routes/collections/test-m" + i + ".upsert.sql"));
        }
        Files.writeString(
                process.file("routes/collections/test-broken.camel.yaml"),
                shipped.replace("github-issue", "test-broken").replace("github:issue", "test:broken"));
        Files.writeString(
                process.file("routes/collections/test-broken.upsert.sql"), "insert into t\n  values (:#id, 'open)");
    }

    private static List<String> mistakes() {
        List<String> mistakes = new ArrayList<>(List.of(MISTAKE_IN_TEMPLATE));
        for (int i = 0; i < MISTAKES.length; i++) {
            mistakes.add("routes/collections/test-m" + i + ".camel.yaml" + MISTAKES[i][2]);
        }
        return mistakes;
    }

    @Test
    void checkNamesEachMistakeWithItsPlace() throws Exception {
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, new TestDatabase())) {
            makeMistakes(process);
            assertExit(2, process.start("check"));
            for (String mistake : mistakes()) {
                assertTrue(process.output().contains(mistake), mistake + "\n" + process.output());
            }
            assertFalse(process.output().contains("ERROR"), process.output());
        }
    }

    @Test
    void runNamesEachMistakeAndGoesOnWithTheOthers() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, database)) {
            makeMistakes(process);
            SandboxConsumer consumer = server.consumer("test", Duration.ofSeconds(30), 10);
            consumer.offerAsIs(TestRecord.of("test:broken", "a", 1, "{}"));
            for (int i = 0; i < MISTAKES.length; i++) {
                consumer.offerAsIs(TestRecord.of("test:m" + i, "a", 1, "{}"));
            }
            consumer.offerAsIs(TestRecord.of("stripe:customer", "a", 1, "{}"));
            process.start();
            for (String mistake : mistakes()) {
                process.awaitOutput(mistake);
            }
            await().until(() ->
                    database.value("select count(*) from stripe.customers").equals("1"));
            await().until(() -> consumer.left() == 1 + MISTAKES.length);
            assertEquals("0", database.value("select count(*) from sequin.dead_letters"));
            assertTrue(process.isRunning());
            assertFalse(process.output().contains("\tat "), process.output());
        }
    }

    @Test
    void aFileThatIsNotLoadedIsWarnedOf() throws Exception {
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, new TestDatabase())) {
            Files.move(process.file(ROUTE), process.file(ROUTE.replace(".camel.yaml", ".yml")));
            String[] warnings = {
                "github-issue.yml:1:1: is not loaded, because its name does not end in .camel.yaml; rename it to"
                        + " github-issue.camel.yaml",
                TEMPLATE + ":1:1: is not used, because no route names it"
            };
            assertExit(0, process.start("check"));
            assertTrue(process.output().contains("2 of 2 templates can be used."), process.output());
            for (String warning : warnings) {
                assertTrue(process.output().contains(warning), process.output());
            }
            server.consumer("test", Duration.ofSeconds(30), 10);
            process.start();
            for (String warning : warnings) {
                process.awaitOutput("WARN  CollectionFiles: ").awaitOutput(warning);
            }
        }
    }

    @Test
    void migrateTwiceAndTwoAtOnce() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess one = new TestProcess(server, database);
                TestProcess other = new TestProcess(server, database)) {
            one.start("migrate");
            other.start("migrate");
            assertExit(0, one);
            assertExit(0, other);
            assertExit(0, one.start("migrate"));
        }
        assertEquals("0", database.value("select count(*) from sequin.dead_letters"));
    }

    @Test
    void migrateWithoutADatabaseFails() throws Exception {
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, new TestDatabase())) {
            process.set("postgres.url", "jdbc:postgresql://localhost:" + TestProcess.freePort() + "/x");
            assertExit(1, process.start("migrate"));
            assertTrue(process.output().contains("refused"), process.output());
        }
    }

    @Test
    void configFromAnotherFileAndTheEnvironment() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, database)) {
            process.unset("sequin.consumer").environment("SEQUIN_CONSUMER", "test");
            process.writeConfiguration("other.properties");
            assertExit(0, process.startAsIs("--config", "other.properties", "migrate"));
            assertExit(0, process.startAsIs("migrate", "--config=other.properties"));
            assertExit(2, process.startAsIs("migrate", "--config=nowhere.properties"));
            assertTrue(process.output().contains("nowhere.properties is not there"), process.output());
        }
        assertEquals("0", database.value("select count(*) from sequin.dead_letters"));
    }

    @Test
    void theRoutesSeeWhatTheSettingsMadeOfTheEnvironment() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, database)) {
            // a folder by its relative name, which no SQL endpoint would understand
            process.set("sequin.routes", "nowhere").environment("SEQUIN_ROUTES", "routes");
            assertExit(0, process.start("check"));
            assertEquals("3 of 3 templates can be used.", process.output().strip());
        }
    }

    @Test
    void aTakenPortOfHealthAndMetricsIsSaid() throws Exception {
        TestDatabase database = new TestDatabase();
        try (ServerSocket taken = new ServerSocket(0);
                SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, database)) {
            process.set("camel.management.enabled", "true")
                    .set("camel.management.port", Integer.toString(taken.getLocalPort()));
            assertExit(1, process.start("run"));
            assertTrue(process.output().contains("is taken; set camel.management.port"), process.output());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"variable", "definition"})
    void thePortThatIsCheckedIsTheOneThatIsUsed(String place) throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                TestProcess process = new TestProcess()) {
            String port = Integer.toString(taken.getLocalPort());
            process.set("camel.management.enabled", "true")
                    .set("camel.management.port", Integer.toString(TestProcess.freePort()))
                    .set("sequin.url", "http://localhost:1")
                    .set("sequin.consumer", "test")
                    .set("postgres.url", "jdbc:postgresql://localhost:1/x");
            if (place.equals("variable")) {
                process.environment("CAMEL_MANAGEMENT_PORT", port);
            } else {
                process.option("-Dcamel.management.port=" + port);
            }
            assertExit(1, process.start("run"));
            assertTrue(process.output().contains("Port " + port + " of health and metrics is taken"), process.output());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.management.prt=1|camel.management.prt is no option of Camel; did you mean camel.management.port?",
                "camel.component.sql.secret=S3cr3t|camel.component.sql.secret is no option of Camel",
                "camel.management.host=192.0.2.1|camel.management.host is no address of this machine",
                "camel.management.port=no|camel.management.port must be a whole number",
                "sequin.ledger-purge=0 0 0 31 2 ?|sequin.ledger-purge must be a Quartz cron expression",
                "postgres.url=jdbc:postgresql://localhost:1/x?sslmode=S3cr3t|parameter sslmode",
                "postgres.url=jdbc:postgresql://localhost:1/x?socketTimeout=S3cr3t|parameter socketTimeout"
            })
    void aValueThatTheStartCannotUse(String edit) throws Exception {
        String[] parts = edit.split("[=|]", 2);
        String[] valueAndText = parts[1].split("\\|", -1);
        try (TestProcess process = new TestProcess()) {
            process.set("sequin.url", "http://localhost:1")
                    .set("sequin.consumer", "test")
                    .set("postgres.url", "jdbc:postgresql://localhost:1/x")
                    .set("camel.management.enabled", "true")
                    .set("camel.management.port", Integer.toString(TestProcess.freePort()))
                    .set(parts[0], valueAndText[0]);
            assertExit(2, process.start("run"));
            assertTrue(process.output().contains(valueAndText[1]), process.output());
            assertFalse(process.output().contains("S3cr3t"), process.output());
        }
    }

    @Test
    void aConfigurationThatIsAFolder() throws Exception {
        try (TestProcess process = new TestProcess()) {
            assertExit(2, process.startAsIs("--config", "routes"));
            assertTrue(process.output().contains("routes cannot be read"), process.output());
        }
    }

    @Test
    void checkNeedsNoPort() throws Exception {
        TestDatabase database = new TestDatabase();
        try (ServerSocket taken = new ServerSocket(0);
                SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, database)) {
            server.consumer("test", Duration.ofSeconds(30), 10);
            process.set("camel.management.enabled", "true").set("camel.management.port", "" + taken.getLocalPort());
            assertExit(0, process.start("check"));
            assertTrue(process.output().contains("3 of 3 templates can be used."), process.output());

            database.execute("alter table github.issues drop column title");
            assertExit(1, process.start("check"));
            assertTrue(process.output().contains(TEMPLATE + ":4:33: column \"title\""), process.output());
        }
    }
}
