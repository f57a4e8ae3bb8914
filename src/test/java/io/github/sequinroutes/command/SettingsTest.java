package io.github.sequinroutes.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.command.Settings.SettingsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** The needed keys, and one more, or another value of one. */
    private static Settings with(String key, String value) {
        Map<String, String> file = new TreeMap<>(NEEDED);
        file.put(key, value);
        return settings(file, Map.of(), Map.of());
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
        assertEquals("file:" + Path.of("routes").toAbsolutePath(), settings.routes());
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
        assertEquals(
                Map.of("camel.management.port", "0"),
                with("camel.management.port", "0").others());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequin.url | ftp://localhost
            sequin.url | http://
            sequin.url | http://localhost/
            sequin.url | http://user:pa55@localhost
            sequin.url | http://localhost?x=1
            sequin.url | http://a b
            sequin.api | Consume
            sequin.consumer | a/b
            sequin.consumer | a?b=c
            sequin.consumer | {{x}}
            sequin.token | a b
            sequin.token | ü
            sequin.batch-size | 0
            sequin.batch-size | 1001
            sequin.batch-size | -1
            sequin.batch-size | 1e2
            sequin.batch-size | 99999999999
            sequin.workers | 0
            sequin.workers | 65
            sequin.workers | two
            sequin.wait-for | -1s
            sequin.wait-for | 301s
            sequin.wait-for | soon
            sequin.wait-for | 5 parsecs
            sequin.wait-for | 99999999999999999999
            sequin.ack-wait | 499ms
            sequin.ack-wait | 25h
            sequin.schedule | hourly
            sequin.schedule | * * * * *
            sequin.routes | nowhere
            sequin.migrate | yes
            postgres.url | postgres://localhost/x
            postgres.url | jdbc:postgresql:
            postgres.url | jdbc:postgresql://me:pa55@localhost/x
            postgres.url | jdbc:postgresql://localhost:port/x
            """)
    void isRefused(String key, String value) {
        SettingsException e = assertThrows(SettingsException.class, () -> with(key, value));
        assertEquals(2, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains("  " + key + " "), e.getMessage());
        assertFalse(e.getMessage().contains("pa55"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequin.url | https://sequin.example.com/base
            sequin.url | http://[::1]:7376
            sequin.consumer | 0b0c7a52-5d0e-4a58_a.b~c
            sequin.token | tok+en/S3cr3t=
            sequin.batch-size | 1
            sequin.batch-size | ' 1000 '
            sequin.workers | 64
            sequin.wait-for | 0
            sequin.wait-for | 500ms
            sequin.wait-for | 5m
            sequin.ack-wait | 24h
            sequin.schedule | 0 0/5 * * * ?
            sequin.migrate | false
            postgres.url | jdbc:postgresql:test
            postgres.url | jdbc:postgresql://localhost/x?sslmode=require
            postgres.url | jdbc:postgresql://[::1]:5432,b.example.com/x
            postgres.url | jdbc:postgresql:///x
            postgres.password | pa55 w0rd!
            """)
    void isAccepted(String key, String value) {
        assertEquals(value.strip(), with(key, value).get(key));
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
