package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.testkit.Ports;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commands beside a server and a database: run, check and migrate. */
@Order(1) // takes long
class CommandsTest extends ProcessTest {
    private static final String TEMPLATE = "routes/collections/github-issue.upsert.sql";
    private static final String ROUTE = "routes/collections/github-issue.camel.yaml";

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
        makeMistakes(process);
        assertExit(2, process.start("check"));
        for (String mistake : mistakes()) {
            assertTrue(process.output().contains(mistake), mistake + "\n" + process.output());
        }
        assertFalse(process.output().contains("ERROR"), process.output());
    }

    @Tag("long")
    @Test
    void runNamesEachMistakeAndGoesOnWithTheOthers() throws Exception {
        makeMistakes(process);
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

    @Tag("long")
    @Test
    void aFileThatIsNotLoadedIsWarnedOf() throws Exception {
        Files.move(process.file(ROUTE), process.file(ROUTE.replace(".camel.yaml", ".yml")));
        String[] warnings = {
            "github-issue.yml:1:1: is not loaded, because its name does not end in .camel.yaml; rename it to"
                    + " github-issue.camel.yaml",
            TEMPLATE + ":1:1: is not used, because no route names it"
        };
        assertExit(2, process.start("check"));
        assertEquals("routes/collections/" + warnings[0], process.output().strip());
        process.start();
        for (String warning : warnings) {
            process.awaitOutput("WARN  CollectionFiles: ").awaitOutput(warning);
        }
    }

    @Tag("long")
    @Test
    void migrateTwiceAndTwoAtOnce() throws Exception {
        try (TestProcess other = new TestProcess(server, database)) {
            process.start("migrate");
            other.start("migrate");
            assertExit(0, process);
            assertExit(0, other);
            assertExit(0, process.start("migrate"));
        }
        assertEquals("0", database.value("select count(*) from sequin.dead_letters"));
    }

    @Tag("long")
    @Test
    void migrateWithoutADatabaseFails() throws Exception {
        process.set("postgres.url", "jdbc:postgresql://localhost:" + Ports.free() + "/x");
        assertExit(1, process.start("migrate"));
        assertTrue(process.output().contains("refused"), process.output());
    }

    @Tag("long")
    @Test
    void configFromAnotherFileAndTheEnvironment() throws Exception {
        process.unset("sequin.consumer").environment("SEQUIN_CONSUMER", "test");
        process.writeConfiguration("other.properties");
        assertExit(0, process.startAsIs("--config", "other.properties", "migrate"));
        assertExit(0, process.startAsIs("migrate", "--config=other.properties"));
        assertExit(2, process.startAsIs("migrate", "--config=nowhere.properties"));
        assertTrue(process.output().contains("nowhere.properties is not there"), process.output());
        assertEquals("0", database.value("select count(*) from sequin.dead_letters"));
    }

    @Tag("long")
    @Test
    void theRoutesSeeWhatTheSettingsMadeOfTheEnvironment() throws Exception {
        // a folder by its relative name, which no SQL endpoint would understand
        process.set("sequin.routes", "nowhere").environment("SEQUIN_ROUTES", "routes");
        assertExit(0, process.start("check"));
        assertEquals("3 of 3 templates can be used.", process.output().strip());
    }

    @Tag("long")
    @Test
    void aTakenPortOfHealthAndMetricsIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            process.set("camel.management.enabled", "true")
                    .set("camel.management.port", Integer.toString(taken.getLocalPort()));
            assertExit(1, process.start("run"));
            assertTrue(process.output().contains("is taken; set camel.management.port"), process.output());
        }
    }

    @Tag("long")
    @Test
    void aFolderForTemporaryFilesThatCannotBeUsedIsSaid() throws Exception {
        process.set("camel.management.enabled", "true")
                .set("camel.management.port", Integer.toString(Ports.free()))
                .option("-Djava.io.tmpdir=application.properties");
        assertExit(1, process.start("run"));
        assertEquals(
                "The folder for temporary files cannot be written to: application.properties; set -Djava.io.tmpdir before"
                        + " -jar to a writable folder",
                process.output().strip());
    }

    @Tag("long")
    @Test
    void checkNeedsNoPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            process.set("camel.management.enabled", "true").set("camel.management.port", "" + taken.getLocalPort());
            assertExit(0, process.start("check"));
            assertTrue(process.output().contains("3 of 3 templates can be used."), process.output());

            database.execute("alter table github.issues drop column title");
            assertExit(1, process.start("check"));
            assertTrue(process.output().contains(TEMPLATE + ":4:33: column \"title\""), process.output());
        }
    }
}
