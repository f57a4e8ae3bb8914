package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.failure.Failures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
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

    private static List<String> problems(Map<String, String> file) {
        SettingsException e = assertThrows(SettingsException.class, () -> settings(file, Map.of(), Map.of()));
        List<String> lines = e.getMessage().lines().toList();
        assertEquals("The configuration cannot be used:", lines.get(0));
        return lines.subList(1, lines.size());
    }

    @Test
    void theDefaults() {
        Settings settings = settings(NEEDED, Map.of(), Map.of());
        BundleConfig config = settings.bundles().get(0).config();
        assertEquals("sequin", config.name());
        assertEquals("consume", config.get(Keys.API));
        assertEquals("", config.token().get());
        assertEquals(1000, config.get(Keys.BATCH_SIZE));
        assertEquals(5_000, config.get(Keys.WAIT_FOR));
        assertEquals(2, config.get(Keys.WORKERS));
        assertEquals("continuous", config.get(Keys.SCHEDULE));
        assertEquals(30_000, config.get(Keys.ACK_WAIT));
        assertEquals("file:" + Path.of("routes").toAbsolutePath(), config.routesUri());
        assertTrue(config.get(Keys.MIGRATE));
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
        ConfiguredBundle bundle = settings.bundles().get(0);
        assertEquals(3, bundle.config().get(Keys.BATCH_SIZE));
        assertEquals(2_000, bundle.config().get(Keys.WAIT_FOR));
        assertEquals(1, bundle.config().get(Keys.WORKERS));
        assertEquals("env", bundle.pool().user());
    }

    /** As of a container whose value is given nowhere. */
    @Test
    void anEmptyVariableHidesNothing() {
        Map<String, String> file = new TreeMap<>(NEEDED);
        file.put("sequin.token", "t");
        Settings settings = settings(file, Map.of("SEQUIN_TOKEN", "", "SEQUIN_WORKERS", ""), Map.of());
        assertEquals("t", settings.bundles().get(0).config().token().get());
        assertEquals(2, settings.bundles().get(0).config().get(Keys.WORKERS));
    }

    private static Map<String, String> several(Map<String, String> more) {
        Map<String, String> file = new TreeMap<>(Map.of(
                "sequin.bundles", "east, north-west",
                "sequin.url", "http://localhost:7376/",
                "sequin.east.consumer", "a",
                "sequin.north-west.consumer", "b",
                "postgres.url", "jdbc:postgresql://localhost/a"));
        file.putAll(more);
        return file;
    }

    @Test
    void whatABundleIsNotToldByNameIsTheSameForAll() {
        Settings settings = settings(
                several(Map.of(
                        "sequin.workers", "3",
                        "sequin.east.workers", "4",
                        "postgres.north-west.url", "jdbc:postgresql://localhost/b",
                        "sequin.data-source", "")),
                Map.of("SEQUIN_NORTH_WEST_BATCH_SIZE", "5", "POSTGRES_EAST_USER", "e", "POSTGRES_USER", "all"),
                Map.of());
        ConfiguredBundle east = settings.bundles().get(0);
        ConfiguredBundle west = settings.bundles().get(1);
        assertEquals(List.of("east", "north-west"), settings.names());
        assertEquals("a", east.config().get(Keys.CONSUMER));
        assertEquals("b", west.config().get(Keys.CONSUMER));
        assertEquals("http://localhost:7376", west.config().get(Keys.URL));
        assertEquals(4, east.config().get(Keys.WORKERS));
        assertEquals(3, west.config().get(Keys.WORKERS));
        assertEquals(1000, east.config().get(Keys.BATCH_SIZE));
        assertEquals(5, west.config().get(Keys.BATCH_SIZE));
        assertEquals("jdbc:postgresql://localhost/a", east.pool().url());
        assertEquals("jdbc:postgresql://localhost/b", west.pool().url());
        assertEquals("e", east.pool().user());
        assertEquals("all", west.pool().user());
        assertEquals(List.of(), settings.warnings());
        assertEquals(List.of("north-west"), settings.only("north-west").names());
    }

    /** What one is told by its name counts more than what all are told, whichever of two keys says it. */
    @Test
    void aDataSourceOfOnesOwnCountsMoreThanTheUrlOfAll() {
        Settings settings = settings(
                several(Map.of("sequin.east.data-source", "mine", "sequin.transaction-manager", "books")),
                Map.of(),
                Map.of());
        assertEquals("books", settings.bundles().get(0).transactionManager());
        assertEquals("books", settings.bundles().get(1).transactionManager());
        assertEquals("mine", settings.bundles().get(0).dataSource());
        assertNull(settings.bundles().get(0).pool());
        assertEquals("", settings.bundles().get(1).dataSource());
        assertEquals(
                List.of("  postgres.east.url cannot be given beside sequin.east.data-source"),
                problems(several(Map.of("sequin.east.data-source", "mine", "postgres.east.url", "jdbc:postgresql:x"))));
    }

    @Test
    void mistakesWithSeveralBundlesAreNamedByKey() {
        // two that shared it would share its messages out between two databases
        assertEquals(
                List.of("  sequin.consumer is one bundle's; write sequin.east.consumer"),
                problems(several(Map.of("sequin.consumer", "c"))));
        assertEquals(
                List.of("  sequin.workers must be a whole number from 1 to 64, not '0'"),
                problems(several(Map.of("sequin.workers", "0"))));
        assertEquals(
                List.of("  sequin.east.workers must be a whole number from 1 to 64, not '0'"),
                problems(several(Map.of("sequin.east.workers", "0"))));
        List<String> slips = problems(several(Map.of("sequin.eats.url", "x", "sequin.north-west.tokn", "x")));
        assertTrue(slips.get(0).startsWith("  sequin.eats.url is no key; did you mean sequin.east.url?"), slips.get(0));
        assertTrue(
                slips.get(1).startsWith("  sequin.north-west.tokn is no key; did you mean sequin.north-west.token?"),
                slips.get(1));
        for (String names : List.of("Orders", "a,,b", "a, a", "url", "failures", " ")) {
            assertTrue(
                    problems(several(Map.of("sequin.bundles", names))).stream()
                            .anyMatch(line -> line.startsWith("  sequin.bundles ")),
                    names);
        }
        Map<String, String> missing = several(Map.of());
        missing.remove("postgres.url");
        missing.remove("sequin.url");
        missing.remove("sequin.east.consumer");
        assertEquals(
                List.of(
                        "  postgres.east.url is missing; write postgres.east.url=jdbc:postgresql://localhost:5432/postgres into"
                                + " application.properties, or set POSTGRES_EAST_URL",
                        "  postgres.north-west.url is missing; write postgres.north-west.url=jdbc:postgresql://localhost:5432/postgres into"
                                + " application.properties, or set POSTGRES_NORTH_WEST_URL",
                        "  sequin.east.consumer is missing; write sequin.east.consumer=(the consumer's ID) into"
                                + " application.properties, or set SEQUIN_EAST_CONSUMER",
                        "  sequin.east.url is missing; write sequin.east.url=http://localhost:7376 into"
                                + " application.properties, or set SEQUIN_EAST_URL",
                        "  sequin.north-west.url is missing; write sequin.north-west.url=http://localhost:7376 into"
                                + " application.properties, or set SEQUIN_NORTH_WEST_URL"),
                problems(missing));
        Settings settings = settings(several(Map.of()), Map.of(), Map.of());
        assertTrue(assertThrows(SettingsException.class, () -> settings.only("west"))
                .getMessage()
                .contains("--bundle names no bundle: west; there are east, north-west"));
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
    void whatWasMeantIsSaid() {
        Map<String, String> file = new TreeMap<>(NEEDED);
        file.put("sequin.url", "http://localhost:7376/api/http_pull_consumers/c/receive");
        file.put("sequin.ignore", "stripe:event; github:push");
        file.put("sequin.guard", "ledger");
        assertEquals(
                List.of(
                        "  sequin.guard is no key; guard is a parameter of a route: write it in the file of the collection,"
                                + " as '- name: guard' and 'value: ...'",
                        "  sequin.ignore must be a list with commas, such as stripe:event, github:push, and has a semicolon",
                        "  sequin.url must be the base URL, without the path of a consumer; write http://localhost:7376"),
                problems(file));
        file.put("sequin.url", "http://localhost/api/x");
        file.put("sequin.ignore", "stripe;event, github:push;");
        file.remove("sequin.guard");
        assertEquals(
                List.of("stripe;event", "github:push;"),
                settings(file, Map.of(), Map.of()).bundles().get(0).config().get(Keys.IGNORE));
    }

    @Test
    void theNeededKeysAreMissing() {
        assertEquals(
                List.of(
                        "  postgres.url is missing; write postgres.url=jdbc:postgresql://localhost:5432/postgres into"
                                + " application.properties, or set POSTGRES_URL",
                        "  sequin.consumer is missing; write sequin.consumer=(the consumer's ID) into"
                                + " application.properties, or set SEQUIN_CONSUMER",
                        "  sequin.url is missing; write sequin.url=http://localhost:7376 into"
                                + " application.properties, or set SEQUIN_URL"),
                problems(Map.of("sequin.url", " ")));
    }

    @Test
    void anUnknownKeyAmongTheDefinitionsIsFound() {
        SettingsException e = assertThrows(
                SettingsException.class,
                () -> settings(NEEDED, Map.of(), Map.of("sequin.batchsize", "1", "java.x", "y")));
        assertTrue(
                e.getMessage().contains("sequin.batchsize is no key; did you mean sequin.batch-size?"), e.getMessage());
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

    /** The driver takes those of the URL, so that a new password in the file would change nothing. */
    @Test
    void aUserOrPasswordOfTheUrlIsNotGivenTwice() {
        Map<String, String> file = new TreeMap<>(NEEDED);
        file.put("postgres.url", "jdbc:postgresql://localhost/shop?user=one&password=S3cr3t");
        file.put("postgres.user", "one");
        settings(file, Map.of(), Map.of()); // which says the same twice
        file.put("postgres.user", "two");
        file.put("postgres.password", "other");
        assertEquals(
                List.of("  postgres.url has the parameters user and password, which count more than postgres.user and"
                        + " postgres.password; take them out of it"),
                problems(file));
        file.put("postgres.url", "jdbc:postgresql://localhost/shop?user=one");
        assertEquals(
                List.of(
                        "  postgres.url has the parameter user, which counts more than postgres.user; take it out of it"),
                problems(file));
    }

    @Test
    void aSecretThatIsAFile(@TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "S3cr3t-token\n");
        Path password = Files.writeString(folder.resolve("password"), "S3cr3t password\n");
        Map<String, String> file = new TreeMap<>(NEEDED);
        file.put("sequin.token-file", token.toString());
        file.put("postgres.password-file", password.toString());
        file.put("sequin.management-token-file", token.toString());
        Settings read = settings(file, Map.of(), Map.of());
        assertEquals("S3cr3t-token", read.portToken().get());
        ConfiguredBundle bundle = read.bundles().get(0);
        assertEquals("S3cr3t-token", bundle.config().token().get());
        assertEquals("S3cr3t password", bundle.pool().password().get());

        Path nowhere = folder.resolve("nowhere");
        file.put("sequin.token-file", password.toString());
        file.put("postgres.password-file", nowhere.toString());
        file.put("sequin.management-token-file", nowhere.toString());
        assertEquals(
                List.of(
                        "  postgres.password-file names a file that cannot be used: " + nowhere + " is not there",
                        "  sequin.management-token-file names a file that cannot be used: " + nowhere + " is not there",
                        "  sequin.token-file names a file that cannot be used: " + password
                                + " must be a token without spaces or line breaks"),
                problems(file));

        file.put("postgres.password-file", password.toString());
        file.put("sequin.token-file", token.toString());
        file.put("sequin.token", "a");
        file.put("postgres.password", "b");
        file.put("sequin.management-token", "c");
        assertEquals(
                List.of(
                        "  postgres.password-file cannot be given beside postgres.password",
                        "  sequin.management-token-file cannot be given beside sequin.management-token",
                        "  sequin.token-file cannot be given beside sequin.token"),
                problems(file));
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
    void whatIsWrongIsInTheOrderOfTheFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a.properties");
        Files.writeString(file, "# one\n".repeat(8) + "sequin.zzz=1\nsequn.url=2\nsequin.aaa=3\n");
        SettingsException e = assertThrows(SettingsException.class, () -> Settings.load(file));
        assertEquals(
                List.of("9:1: sequin.zzz", "10:1: sequn.url", "11:1: sequin.aaa"),
                e.getMessage()
                        .lines()
                        .filter(line -> line.contains("a.properties:"))
                        .map(line -> line.replaceFirst(".*a.properties:(\\S+ \\S+) .*", "$1"))
                        .toList());
    }

    /** The server's words, where they tell which key it is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "28P01 | password authentication failed for user \"a\" | postgres.password | ; correct it, or postgres.user,"
                        + " or the file that postgres.password-file names",
                "28000 | role \"nobody\" does not exist | postgres.user | ; create the role, let it log in, or name another",
                "28000 | no pg_hba.conf entry for host | postgres.url | ''",
                "3D000 | database \"libary\" does not exist | postgres.url | ; create the database, or correct its name",
                "08001 | Connection refused | postgres.url | ''"
            })
    void aDatabaseThatCannotBeUsed(String state, String message, String key, String advice) {
        SQLException about = DatabaseKey.about(new SQLException(message, state), one -> "x.properties:1:1: " + one);
        assertEquals(
                "x.properties:1:1: " + key + ": " + message + " (SQLSTATE " + state + ")" + advice,
                Failures.describe(about));
    }

    @Test
    void aFileThatWasAskedForMustBeThere(@TempDir Path folder) {
        Path file = folder.resolve("nowhere.properties");
        SettingsException e = assertThrows(SettingsException.class, () -> Settings.load(file));
        assertTrue(e.getMessage().contains(file + " is not there"), e.getMessage());
    }

    @Test
    void aKeyThatIsGivenTwiceIsWarnedOf(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("application.properties");
        Files.writeString(file, """
                sequin.url=http://localhost:1
                sequin.consumer : c
                # sequin.url=x
                postgres.url = jdbc:postgresql://localhost/x
                another.key = continued \\
                  sequin.url=x
                  sequin.url http://localhost:2
                my.key
                my.key=1
                sequin.url=http://localhost:3""");
        assertEquals(
                List.of(
                        "my.key is given in the lines 8 and 9, and only the last counts; remove the others",
                        "sequin.url is given in the lines 1 and 7 and 10, and only the last counts; remove the others"),
                Settings.load(file).warnings());
        assertEquals(file + ":10:1", PropertiesFile.place(file, "sequin.url"));
        Files.writeString(file, "\n  sequin.token=\"s3cr3t\"\n", StandardOpenOption.APPEND);
        String message =
                assertThrows(SettingsException.class, () -> Settings.load(file)).getMessage();
        assertTrue(message.contains("  " + file + ":11:3: sequin.token has quotes"), message);
        assertFalse(message.contains("s3cr3t"), message);
    }

    /** Values are not told. */
    @Test
    void whatAFileHardlyMeans(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.properties"), """
                sequin.url=http\\://localhost:7376
                sequin.consumer=c
                sequin.token=t
                postgres.url=jdbc:postgresql://localhost/db
                postgres.user=one\\\\two
                postgres.password=ab\\cd
                sequin.failures.reject=22
                my.path=C:\\temp
                export sequin.workers=3
                """);
        assertEquals(
                List.of(
                        "export sequin.workers is not used; leave out export",
                        "sequin.failures.reject takes the place of its default, of which 09, 21, 23, 27, 38, 39, 44, 54, P0 are"
                                + " in no list now, and stop a collection; add them, or write them into sequin.failures.stop",
                        "postgres.password has a \\ in its value, which such a file takes away; write \\\\ for it"),
                Settings.load(file).warnings());
        Files.writeString(
                file,
                "sequin.failures.reject=22, 27\nsequin.failures.stop=0A, 28, 3D, 3F, 42, 09, 21, 23, 38, 39, 44, 54, P0\n",
                StandardOpenOption.APPEND);
        assertEquals(
                List.of(),
                Settings.load(file).warnings().stream()
                        .filter(warning -> warning.contains("takes the place"))
                        .toList());
        Files.writeString(
                file, "postgres.url=jdbc:postgresql://localhost/db?sslmode=disabled\n", StandardOpenOption.APPEND);
        String message =
                assertThrows(SettingsException.class, () -> Settings.load(file)).getMessage();
        assertTrue(message.contains("sslmode; write disable, allow, prefer, require, verify-ca, verify-full"), message);
    }

    @Test
    void aFileThatIsNotUtf8IsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.properties"), "postgres.user=ü", StandardCharsets.ISO_8859_1);
        SettingsException e = assertThrows(SettingsException.class, () -> Settings.load(file));
        assertTrue(e.getMessage().contains(file + " cannot be read: it is not UTF-8"), e.getMessage());
    }
}
