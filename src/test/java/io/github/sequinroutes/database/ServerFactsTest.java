package io.github.sequinroutes.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.failure.UnsuitableDatabaseException;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 48 and 52: what the bundle needs of a server and a database. */
@Tag("postgres")
class ServerFactsTest {
    private static String refusal(ServerFacts facts) {
        return assertThrows(UnsuitableDatabaseException.class, facts::requireSuitable)
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource({"110022, 11.22", "90624, 9.6.24", "119999, 11.99 (Debian 11.99-1)"})
    void anOlderServerIsRefusedByName(int number, String version) {
        assertEquals(
                "The server of the database shop is PostgreSQL " + version + ", but it must be 12 or later.",
                refusal(new ServerFacts("shop", number, version, "UTF8")));
    }

    @ParameterizedTest
    @CsvSource({"120000, 12beta1", "120022, 12.22", "180003, 18.3", "190000, 19devel"})
    void version12AndLaterWillDo(int number, String version) throws Exception {
        new ServerFacts("shop", number, version, "UTF8").requireSuitable();
    }

    @ParameterizedTest
    @CsvSource({"LATIN1", "SQL_ASCII", "EUC_JP"})
    void anotherEncodingIsRefusedByName(String encoding) {
        assertEquals(
                "The database shop has the encoding " + encoding + ", but it must be UTF8, or some records could"
                        + " neither be written nor be kept as dead letters; create one with: create database shop"
                        + " template template0 encoding 'UTF8'",
                refusal(new ServerFacts("shop", 170006, "17.6", encoding)));
    }

    @Test
    void theServerTellsThem() throws Exception {
        TestDatabase database = TestDatabase.encoded("LATIN1");
        try (Connection connection = database.connect()) {
            assertEquals(
                    new ServerFacts(
                            database.name(),
                            Integer.parseInt(database.value("show server_version_num")),
                            database.value("show server_version"),
                            "LATIN1"),
                    ServerFacts.of(connection));
        }
    }

    @Test
    void theTestsRunOnTheVersionThatTheyWereAskedToRunOn() throws Exception {
        // of 12.22.0, the version of the binaries, 12.22 is the server's
        String asked = System.getProperty("test.postgres.version").replaceFirst("\\.\\d+$", "");
        assertEquals(asked, new TestDatabase().value("show server_version"));
    }
}
