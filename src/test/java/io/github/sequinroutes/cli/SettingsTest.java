package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.cli.Settings.SettingsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final Map<String, String> NEEDED = Map.of(
            "sequin.url", "http://localhost:7376",
            "sequin.consumer", "consumer",
            "postgres.url", "jdbc:postgresql://localhost:5432/test");

    private static Settings settings(Map<String, String> file, Map<String, String> environment, Map<String, String> d) {
        return new Settings(properties(file), environment::get, properties(d));
    }

    private static Properties properties(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }

    private static List<String> problems(Map<String, String> file) {
        SettingsException e = assertThrows(SettingsException.class, () -> settings(file, Map.of(), Map.of()));
        List<String> lines = e.getMessage().lines().toList();
        assertEquals("The configuration cannot be used:", lines.get(0));
        return lines.subList(1, lines.size());
    }

    @Test
    void theDefaults() {
        Settings settings = settings(NEEDED, Map.of(), Map.of());
        assertEquals("consume", settings.get("sequin.api"));
        assertEquals("", settings.get("sequin.token"));
        assertEquals(1000, settings.number("sequin.batch-size"));
        assertEquals(5_000, settings.millis("sequin.wait-for"));
        assertEquals(2, settings.number("sequin.workers"));
        assertEquals("continuous", settings.get("sequin.schedule"));
        assertEquals(30_000, settings.millis("sequin.ack-wait"));
        assertEquals(
                "file:" + Path.of("routes").toAbsolutePath(), settings.config().routesUri());
        assertEquals("true", settings.get("sequin.migrate"));
    }

    @Test
    void theEnvironmentWinsOverTheFileAndADefinitionOverBoth() {
        Map<String, String> file = new TreeMap<>(NEEDED);
        file.put("sequin.batch-size", "1");
        file.put("sequin.wait-for", "1s");
        file.put("sequin.workers", "1");
        Map<String, String> environment =
                Map.of("SEQUIN_BATCH_SIZE", "2", "SEQUIN_WAIT_FOR", "2s", "POSTGRES_USER", "env");
        Settings settings = settings(file, environment, Map.of("sequin.batch-size", "3"));
        assertEquals(3, settings.number("sequin.batch-size"));
        assertEquals(2_000, settings.millis("sequin.wait-for"));
        assertEquals(1, settings.number("sequin.workers"));
        assertEquals("env", settings.get("postgres.user"));
    }

    @Test
    void everyProblemIsNamedAtOnceByKey() {
        List<String> problems = problems(Map.of(
                "sequin.url", "localhost",
                "sequin.tokn", "x",
                "sequin.batch-size", "1001",
                "postgres.pasword", "x",
                "postgres.url", "mysql://x"));
        assertEquals(
                List.of(
                        "postgres.pasword",
                        "postgres.url",
                        "sequin.batch-size",
                        "sequin.consumer",
                        "sequin.tokn",
                        "sequin.url"),
                problems.stream().map(line -> line.strip().split(" ", -1)[0]).toList());
    }

    @Test
    void theNeededKeysAreMissing() {
        assertEquals(
                List.of("  postgres.url is missing", "  sequin.consumer is missing", "  sequin.url is missing"),
                problems(Map.of("sequin.url", " ")));
    }

    @Test
    void anUnknownKeyAmongTheDefinitionsIsFound() {
        SettingsException e = assertThrows(
                SettingsException.class,
                () -> settings(NEEDED, Map.of(), Map.of("sequin.batchsize", "1", "java.x", "y")));
        assertTrue(e.getMessage().contains("sequin.batchsize is no key; the keys are sequin.url, "), e.getMessage());
        assertFalse(e.getMessage().contains("java.x"), e.getMessage());
    }

    @Test
    void whatIsNotTheBundlesOwnIsCamels() {
        Map<String, String> file = new TreeMap<>(NEEDED);
        file.put("camel.management.port", "0");
        assertEquals(
                Map.of("camel.management.port", "0"),
                settings(file, Map.of(), Map.of()).others());
    }

    @Test
    void noSecretIsEverInAMessage() {
        String message = String.join(
                "\n",
                problems(Map.of(
                        "sequin.token", "S3cr3t token",
                        "sequin.url", "http://u:S3cr3t@localhost",
                        "sequin.tokn", "S3cr3t",
                        "postgres.password", "S3cr3t",
                        "postgres.pasword", "S3cr3t",
                        "postgres.url", "jdbc:postgresql://u:S3cr3t@localhost/x?password=S3cr3t")));
        assertFalse(message.contains("S3cr3t"), message);
        assertTrue(message.contains("sequin.token must be a token without spaces or line breaks"), message);
    }

    @Test
    void aFileThatWasAskedForMustBeThere(@TempDir Path folder) {
        Path file = folder.resolve("nowhere.properties");
        SettingsException e = assertThrows(SettingsException.class, () -> Settings.load(file));
        assertTrue(e.getMessage().contains(file + " is not there"), e.getMessage());
    }

    @Test
    void aFileThatIsNotUtf8IsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.properties"), "postgres.user=ü", StandardCharsets.ISO_8859_1);
        SettingsException e = assertThrows(SettingsException.class, () -> Settings.load(file));
        assertTrue(e.getMessage().contains(file + " cannot be read: it is not UTF-8"), e.getMessage());
    }
}
