package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.testkit.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of the commands: exit statuses and messages, never a stack trace. */
@Order(1) // takes long
class CommandLineTest {
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"", "run ", "check ", "scaffold ", "migrate "})
    void helpAndVersion(String command) throws Exception {
        try (TestProcess process = new TestProcess()) {
            ProcessTest.assertExit(0, process.startAsIs((command + "--help").split(" ", -1)));
            assertTrue(process.output().startsWith("Usage: sequin-postgres-routes " + command), process.output());
        }
        try (TestProcess process = new TestProcess()) {
            ProcessTest.assertExit(0, process.startAsIs((command + "--version").split(" ", -1)));
            assertTrue(process.output().startsWith("sequin-postgres-routes "), process.output());
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"bogus", "--bogus", "run --bogus", "run bogus", "--config", "scaffold"})
    void wrongUsage(String arguments) throws Exception {
        try (TestProcess process = new TestProcess()) {
            ProcessTest.assertExit(2, process.startAsIs(arguments.split(" ", -1)));
            List<String> lines = process.output().lines().toList();
            assertEquals(2, lines.size(), process.output());
            String command = arguments.matches("(run|scaffold)\\b.*") ? arguments.replaceAll(" .*", " ") : "";
            String known = command.isBlank() || command.endsWith(" ") ? command : command + " ";
            assertEquals("Try sequin-postgres-routes " + known + "--help.", lines.get(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "chekc, check",
        "check --sampel x, --sample",
        "plan --sampel=x, --sample",
        "replay --colection x, --collection",
        "--confg x, --config"
    })
    void whatIsNearToAMisspeltArgument(String arguments, String near) {
        StringWriter output = new StringWriter();
        assertEquals(
                2,
                Cli.commandLine().setErr(new PrintWriter(output)).execute(arguments.split(" ", -1)),
                output.toString());
        assertTrue(
                output.toString().lines().findFirst().orElse("").endsWith("; did you mean " + near + "?"),
                output.toString());
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"run", "migrate"})
    void wrongConfiguration(String command) throws Exception {
        try (TestProcess process = new TestProcess()) {
            process.set("sequin.batch-size", "0").set("sequin.tokn", "x").set("sequin.token", "a b");
            ProcessTest.assertExit(2, process.start(command));
            assertEquals(
                    "The configuration cannot be used: postgres.url sequin.consumer sequin.url sequin.batch-size"
                            + " sequin.token sequin.tokn",
                    process.output()
                            .replaceAll("(?m)^  (\\S+:\\d+:1: )?(\\S+) .*$", "$2")
                            .replaceAll("\\s+", " ")
                            .strip());
            String places = "(?m)^  \\S*application.properties:\\d:1: sequin[.](batch-size|token|tokn) ";
            assertEquals(
                    3,
                    Pattern.compile(places).matcher(process.output()).results().count(),
                    process.output());
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"variable", "definition"})
    void thePortThatIsCheckedIsTheOneThatIsUsed(String place) throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                TestProcess process = new TestProcess()) {
            String port = Integer.toString(taken.getLocalPort());
            process.set("camel.management.enabled", "true")
                    .set("camel.management.port", Integer.toString(Ports.free()))
                    .set("sequin.url", "http://localhost:1")
                    .set("sequin.consumer", "test")
                    .set("postgres.url", "jdbc:postgresql://localhost:1/x");
            if (place.equals("variable")) {
                process.environment("CAMEL_MANAGEMENT_PORT", port);
            } else {
                process.option("-Dcamel.management.port=" + port);
            }
            ProcessTest.assertExit(1, process.start("run"));
            assertTrue(process.output().contains("Port " + port + " of health and metrics is taken"), process.output());
        }
    }

    @Tag("long")
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
                    .set("camel.management.port", Integer.toString(Ports.free()))
                    .set(parts[0], valueAndText[0]);
            ProcessTest.assertExit(2, process.start("run"));
            assertTrue(process.output().contains(valueAndText[1]), process.output());
            assertFalse(process.output().contains("S3cr3t"), process.output());
        }
    }

    @Test
    void aConfigurationThatIsAFolder() throws Exception {
        try (TestProcess process = new TestProcess()) {
            ProcessTest.assertExit(2, process.startAsIs("--config", "routes"));
            assertTrue(process.output().contains("routes cannot be read"), process.output());
        }
    }
}
