package io.github.sequinroutes.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.HostConfig;
import io.github.sequinroutes.message.UnreadableResponseException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** docs/promises.md 74: who reads of a failure knows which end it is, where to look, and what to do. */
class AdviceTest {
    private static final Advice ADVICE = new Advice(UnaryOperator.identity());

    @TempDir
    private Path folder;

    private static Exception answered(int status) {
        return new HttpOperationFailedException("http://sequin/next", status, "", null, Map.of(), "<html>no</html>");
    }

    private static void assertAdvised(String place, String says, Throwable failure) {
        assertEquals(place, ADVICE.place(failure));
        String text = ADVICE.describe(failure);
        assertTrue(text.contains("; " + says) || text.contains(": " + says), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            28P01 | postgres.password              | set postgres.user and postgres.password
            28000 | postgres.password              | set postgres.user and postgres.password, or the file that postgres.password-file names; or have pg_hba.conf
            42501 | the role of postgres.user      | grant it to the role of postgres.user
            42P01 | schema sequin                  | have a role that may create the tables of schema sequin run migrate
            3D000 | postgres.url                   | create that database, or name another in postgres.url
            08001 | postgres.url                   | see whether PostgreSQL runs there and lets this machine in, and check postgres.url
            08004 | postgres.url                   | see whether PostgreSQL runs there and lets this machine in, and check postgres.url
            08006 | postgres.url                   | see the log of PostgreSQL, and what is in between
            08P01 | postgres.url                   | see whether PostgreSQL, and nothing else, listens at postgres.url
            25006 | postgres.url                   | it is a standby, or read-only: name the primary in postgres.url
            53100 | the server at postgres.url     | free disk space there
            53200 | the server at postgres.url     | give it more memory
            53300 | sequin.workers                 | raise max_connections of PostgreSQL
            57P01 | the server at postgres.url     | somebody has ended the connection, or stops PostgreSQL
            57P02 | the server at postgres.url     | a process of PostgreSQL has crashed
            57P03 | the server at postgres.url     | it is starting, stopping or recovering
            57014 | the server at postgres.url     | see in pg_stat_activity what it waits for
            55P03 | the server at postgres.url     | see in pg_locks and pg_stat_activity who holds the lock
            40P01 | the server at postgres.url     | see in the log of PostgreSQL who else writes these rows
            XX000 | the server at postgres.url     | see the log of PostgreSQL
            """)
    void ofPostgresql(String sqlState, String place, String says) {
        assertAdvised(place, says, new SQLException("no", sqlState));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | sequin.token             | the token is missing or unknown; set sequin.token, or the file
            403 | sequin.token             | the token may not do this
            404 | sequin.consumer          | there is no such consumer
            407 | sequin.proxy             | it wants a user and a password
            307 | sequin.url               | a redirect
            429 | sequin.workers           | use fewer sequin.workers
            500 | the server at sequin.url | its log has it
            502 | the server at sequin.url | see whether Sequin runs, and the log of what is in front of it
            503 | the server at sequin.url | see whether Sequin runs, and the log of what is in front of it
            504 | the server at sequin.url | see whether Sequin runs, and the log of what is in front of it
            599 | the server at sequin.url | see the log of Sequin, and of what is in front of it
            """)
    void ofSequin(int status, String place, String says) {
        String text = ADVICE.describe(answered(status));
        assertEquals(place, ADVICE.place(answered(status)));
        assertTrue(text.startsWith("Sequin answered " + status) && text.contains(says), text);
    }

    /** A pool has a text of its own, and the driver's failure behind it. */
    @Test
    void ofACertificateThatTheDriverRefuses() {
        PSQLException refused = new PSQLException(
                "could not be verified by hostnameverifier PgjdbcHostnameVerifier", PSQLState.CONNECTION_FAILURE);
        SQLException ofPool = new SQLTransientConnectionException("no connection", "08006");
        ofPool.setNextException(refused);
        assertEquals(
                "The certificate of PostgreSQL (postgres.url) is for another host; name the host in postgres.url as the"
                        + " certificate does, or have one issued for that name (SQLSTATE 08006)",
                ADVICE.describe(ofPool));
        assertAdvised(
                "postgres.url",
                "give the path of that file in postgres.url: sslrootcert, sslcert or sslkey",
                new PSQLException(
                        "Could not open it",
                        PSQLState.CONNECTION_FAILURE,
                        new FileNotFoundException("/home/app/.postgresql/root.crt")));
    }

    @Test
    void ofWhatIsNoAnswer() {
        String away = "see whether Sequin runs there, and check sequin.url, or sequin.proxy if there is one";
        assertAdvised("sequin.url", away, new ConnectException("Connection refused"));
        assertEquals("The host nosuch is unknown; " + away, ADVICE.describe(new UnknownHostException("nosuch")));
        assertAdvised(
                "sequin.url",
                "see whether sequin.url leads to Sequin, and not to a page of what is in front of it",
                new UnreadableResponseException("The server's response is not valid JSON: '<'", null));
        assertAdvised(
                "postgres.url",
                "see whether PostgreSQL runs there",
                new DatabaseAwayException(new PSQLException(
                        "no", PSQLState.CONNECTION_UNABLE_TO_CONNECT, new ConnectException("Connection refused"))));
    }

    @Test
    void ofAnErrorThatSequinExplains() {
        Exception explained = new HttpOperationFailedException(
                "http://sequin/next", 500, "", null, Map.of(), "{\"summary\": \"internal\"}");
        assertEquals(
                "Sequin answered 500: \"internal\"; see the log of Sequin: a transform or enrichment function of the sink"
                        + " may raise, or Sequin's own database be away",
                ADVICE.describe(explained));
    }

    private static SQLException ofPool(String counts, SQLException reason) {
        String state = reason == null ? null : reason.getSQLState();
        SQLException timedOut = new SQLTransientConnectionException(
                "health - Connection is not available, request timed out after 2004ms " + counts, state, reason);
        timedOut.setNextException(reason);
        return timedOut;
    }

    /** In the words of HikariCP, whose pool has a name that nobody has given it. */
    @Test
    void ofAPoolThatHasNoConnection() {
        String none = "(total=0, active=0, idle=0, waiting=0)";
        String hangs = "PostgreSQL has given no connection within 2 s; see whether what is at postgres.url hangs";
        assertEquals(hangs, ADVICE.describe(new DatabaseAwayException(ofPool(none, null))));
        SQLException closed = new SQLException("This connection has been closed.", "08003");
        assertEquals(hangs, ADVICE.describe(ofPool("(total=1, active=0, idle=1, waiting=0)", closed)));
        assertEquals("postgres.url", ADVICE.place(ofPool(none, closed)));
        assertEquals(
                "No connection to PostgreSQL has come free within 2 s; see whether what is at postgres.url hangs, or in"
                        + " pg_stat_activity what the connections wait for",
                ADVICE.describe(ofPool("(total=4, active=4, idle=0, waiting=1)", null)));
        assertEquals(
                "no (SQLSTATE 57P02); a process of PostgreSQL has crashed, and it restarts: see its log",
                ADVICE.describe(ofPool(none, new SQLException("no", "57P02"))));
    }

    @Test
    void whatIsSaidAlreadyIsNotSaidAgain() {
        String message = "the tables of schema sequin are missing; have a role that may create them run migrate";
        ServerErrorMessage server = new ServerErrorMessage("SERROR\0C42P01\0M" + message + "\0\0");
        assertEquals(message + " (SQLSTATE 42P01)", ADVICE.describe(new PSQLException(server)));
    }

    private static Advice of(String bundle, Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("sequin.bundles", "east, west");
        all.put("sequin.url", "http://localhost:1");
        all.put("sequin.east.consumer", "e");
        all.put("sequin.west.consumer", "w");
        ConfiguredBundle configured = HostConfig.read(all::get).get(bundle.equals("east") ? 0 : 1);
        return new Advice(configured.config().keys());
    }

    @Test
    void theKeysAreThoseOfTheBundleThatAreGiven() throws Exception {
        String file = Files.writeString(folder.resolve("secret"), "s").toString();
        Map<String, String> given = Map.of(
                "postgres.east.url", "jdbc:postgresql://localhost/e",
                "postgres.east.password-file", file,
                "postgres.url", "jdbc:postgresql://localhost/w",
                "postgres.password", "p",
                "sequin.east.token-file", file);
        Advice east = of("east", given);
        Advice west = of("west", given);
        SQLException password = new SQLException("no", "28P01");
        assertEquals("postgres.east.password-file", east.place(password));
        assertEquals(
                "no (SQLSTATE 28P01); set postgres.east.user, and write the right password into the file that"
                        + " postgres.east.password-file names",
                east.describe(password));
        assertEquals("postgres.password", west.place(password));
        assertEquals("postgres.east.url", east.place(new SQLException("no", "3D000")));
        assertEquals("postgres.url", west.place(new SQLException("no", "3D000")));
        assertEquals("sequin.east.token-file", east.place(answered(401)));
        assertEquals(
                "Sequin answered 401: the token is missing or unknown; write the right one into the file that"
                        + " sequin.east.token-file names",
                east.describe(answered(401)));
        assertEquals("sequin.west.consumer", west.place(answered(404)));
        assertEquals("sequin.url", west.place(answered(400)));
    }

    @Test
    void aDatabaseOfTheHostIsNamedAsSuch() {
        SQLException password = new SQLException("no", "28P01");
        Advice named = of("east", Map.of("sequin.east.data-source", "eastern"));
        assertEquals("sequin.east.data-source", named.place(password));
        assertEquals(
                "no (SQLSTATE 28P01); have sequin.east.data-source use another user or password",
                named.describe(password));
        Advice only = of("east", Map.of());
        assertEquals("the host's DataSource", only.place(password));
    }
}
