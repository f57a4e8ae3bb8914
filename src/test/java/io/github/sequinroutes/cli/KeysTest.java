package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 39: a key that is written wrong, or in the wrong place, is never passed over in silence. */
class KeysTest {
    private static Properties properties(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }

    private static Settings settings(Map<String, String> file, Map<String, String> environment, Map<String, String> d) {
        Properties all = properties(Map.of(
                "sequin.url", "http://localhost:7376",
                "sequin.consumer", "consumer",
                "postgres.url", "jdbc:postgresql://localhost:5432/test"));
        all.putAll(file);
        return new Settings(all, environment, properties(d));
    }

    @ParameterizedTest
    @CsvSource({
        "sequin.batchsize, sequin.batch-size",
        "sequin.batch_size, sequin.batch-size",
        "sequin.tokne, sequin.token",
        "postgres.passwd, postgres.password",
        "postgres.uesr, postgres.user"
    })
    void anUnknownKeyIsAnErrorThatNamesTheNearest(String key, String nearest) {
        for (boolean file : new boolean[] {true, false}) {
            Map<String, String> given = Map.of(key, "S3cr3t");
            SettingsException e = assertThrows(
                    SettingsException.class,
                    () -> settings(file ? given : Map.of(), Map.of(), file ? Map.of() : given));
            assertTrue(e.getMessage().contains("; did you mean " + nearest + "?"), e.getMessage());
            assertFalse(e.getMessage().contains("S3cr3t"), e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "squin.workers, sequin.workers",
        "postgre.url, postgres.url",
        "postgresql.user, postgres.user",
        "Sequin.workers, sequin.workers",
        "sequin-workers, sequin.workers",
        "SEQUIN_WORKERS, sequin.workers",
        "seqiun.batch.size, sequin.batch-size",
        "camel.managment.port, camel.management"
    })
    void aKeyThatIsLikeOneIsWarnedOf(String key, String nearest) {
        for (boolean file : new boolean[] {true, false}) {
            Map<String, String> given = Map.of(key, "S3cr3t");
            List<String> warnings = settings(file ? given : Map.of(), Map.of(), file ? Map.of() : given)
                    .warnings();
            assertEquals(1, warnings.size(), warnings.toString());
            assertTrue(warnings.get(0).contains(key + " is not used; "), warnings.get(0));
            assertTrue(warnings.get(0).endsWith("did you mean " + nearest + "?"), warnings.get(0));
            assertFalse(warnings.get(0).contains("S3cr3t"), warnings.get(0));
        }
    }

    @Test
    void aDefinitionBehindTheCommand() {
        StringWriter output = new StringWriter();
        assertEquals(2, Cli.commandLine().setErr(new PrintWriter(output, true)).execute("check", "-Dsequin.workers=3"));
        assertEquals(
                "Unknown option: '-Dsequin.workers=3'; what begins with -D stands before -jar",
                output.toString().lines().findFirst().orElse(""));
    }

    @Test
    void aKeyWithoutItsBeginningIsWarnedOfInTheFile() {
        assertEquals(
                List.of("workers is not used; did you mean sequin.workers?"),
                settings(Map.of("workers", "4"), Map.of(), Map.of("password", "x"))
                        .warnings());
    }

    /** As it was given, and not as the file could have it. */
    @Test
    void whatOverrulesTheFileIsKnown() {
        SettingsException e = assertThrows(
                SettingsException.class,
                () -> settings(
                        Map.of("sequin.workers", "x", "sequin.batch-size", "x", "sequin.wait-for", "x"),
                        Map.of("SEQUIN_WORKERS", "y", "SEQUIN_BATCH_SIZE", "y"),
                        Map.of("sequin.workers", "z")));
        assertEquals("-Dsequin.workers", e.overruling("sequin.workers"));
        assertEquals("The environment variable SEQUIN_BATCH_SIZE", e.overruling("sequin.batch-size"));
        assertNull(e.overruling("sequin.wait-for"));
    }

    @Test
    void aVariableThatCamelDoesNotKnowIsWarnedOf() {
        assertEquals(
                List.of("The environment variable CAMEL_MANAGMENT_PORT is not used; Camel has no keys that begin with"
                        + " CAMEL_MANAGMENT_; did you mean CAMEL_MANAGEMENT_PORT?"),
                settings(Map.of(), Map.of("CAMEL_MANAGMENT_PORT", "1", "CAMEL_HOME", "/"), Map.of())
                        .warnings());
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUIN_BATCHSIZE, SEQUIN_BATCH_SIZE",
        "SEQUIN_TOKN, SEQUIN_TOKEN",
        "POSTGRES_USERNAME, POSTGRES_USER",
        "SQUIN_WORKERS, SEQUIN_WORKERS",
        "POSTGRE_URL, POSTGRES_URL",
        "sequin_workers, SEQUIN_WORKERS"
    })
    void aVariableThatIsNoKeyIsWarnedOf(String variable, String nearest) {
        List<String> warnings =
                settings(Map.of(), Map.of(variable, "S3cr3t"), Map.of()).warnings();
        assertEquals(
                List.of("The environment variable " + variable + " is no key and not used; did you mean " + nearest
                        + "?"),
                warnings);
    }

    @Test
    void whatHasNothingToDoWithTheBundleIsNotWarnedOf() {
        Map<String, String> file =
                Map.of("my.key", "x", "camel.main.name", "y", "camel.route-controller.enabled", "true");
        Map<String, String> environment =
                Map.of("SEQUIN_WORKERS", "1", "PATH", "/", "CAMEL_HOME", "/opt", "POSTGRESQL_REPLICATION_MODE", "x");
        Map<String, String> defined = Map.of("java.version", "17", "user.name", "x", "log.level", "info");
        Settings settings = settings(file, environment, defined);
        assertEquals(List.of(), settings.warnings());
        assertEquals(
                Map.of("my.key", "x", "camel.main.name", "y", "camel.route-controller.enabled", "true"),
                settings.others());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"t0ken\"", "'t0ken'", " \"t0ken\" ", "`t0ken`", "\u201ct0ken\u201d"})
    void quotesAroundAValueAreSaid(String value) {
        for (String key : List.of("sequin.token", "sequin.consumer", "sequin.workers", "postgres.password")) {
            SettingsException e =
                    assertThrows(SettingsException.class, () -> settings(Map.of(key, value), Map.of(), Map.of()));
            assertTrue(e.getMessage().contains("  " + key + " has quotes around its value"), e.getMessage());
            assertFalse(e.getMessage().contains("t0ken"), e.getMessage());
        }
    }

    @Test
    void camelsKeysComeFromAllThreePlaces() {
        Map<String, String> file = Map.of(
                "camel.management.port",
                "1",
                "camel.management.health-path",
                "/a",
                "camel.component.platform-http.x",
                "1");
        Map<String, String> environment = Map.of(
                "CAMEL_MANAGEMENT_PORT",
                "2",
                "CAMEL_MANAGEMENT_HEALTH_PATH",
                "/b",
                "CAMEL_COMPONENT_PLATFORM_HTTP_X",
                "2");
        assertEquals(
                Map.of(
                        "camel.management.port", "2",
                        "camel.management.healthPath", "/b",
                        "camel.component.platform-http.x", "2"),
                settings(file, environment, Map.of()).others());
        assertEquals(
                "3",
                settings(file, environment, Map.of("camel.management.port", "3"))
                        .others()
                        .get("camel.management.port"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev-console-enabled", "jolokiaEnabled", "send-enabled", "uploadEnabled"})
    void whatCouldChangeSomethingIsNotOnThePort(String option) {
        String key = "camel.management." + option;
        assertEquals(
                "false",
                settings(Map.of(key, "false"), Map.of(), Map.of())
                        .others()
                        .getProperty("camel.management." + StringHelper.dashToCamelCase(option)));
        SettingsException e =
                assertThrows(SettingsException.class, () -> settings(Map.of(key, "true"), Map.of(), Map.of()));
        assertTrue(e.getMessage().contains(" cannot be true: what is on this port "), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "65536", "99999999999", "", "9876 "})
    void aPortThatIsNoneIsAnError(String port) {
        for (Map<String, String> environment :
                List.of(Map.of("CAMEL_MANAGEMENT_PORT", port), Map.<String, String>of())) {
            Map<String, String> defined = environment.isEmpty() ? Map.of("camel.management.port", port) : Map.of();
            SettingsException e = assertThrows(SettingsException.class, () -> settings(Map.of(), environment, defined));
            assertTrue(e.getMessage().contains("  camel.management.port must be a whole number from 0 to 65535"));
        }
    }
}
