package io.github.sequinroutes.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.message.AckFailedException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

class FailuresTest {
    private static final Advice ADVICE = new Advice(UnaryOperator.identity());

    private static String connecting(Exception cause) {
        return Failures.describe(
                new PSQLException("The connection attempt failed.", PSQLState.CONNECTION_UNABLE_TO_CONNECT, cause));
    }

    @Test
    void whyItCannotConnectIsSaid() {
        assertEquals(
                "The connection attempt failed. The host nosuch.invalid is unknown. (SQLSTATE 08001)",
                connecting(new UnknownHostException("nosuch.invalid")));
        assertEquals(
                "The connection attempt failed. It says: Connect timed out. (SQLSTATE 08001)",
                connecting(new SocketTimeoutException("Connect timed out")));
    }

    private static String answered(int status) {
        return ADVICE.describe(new AckFailedException(
                new HttpOperationFailedException("http://sequin/ack", status, "", null, Map.of(), "")));
    }

    private static String refused(String sqlState) {
        return ADVICE.describe(new SQLException("no", sqlState));
    }

    @Test
    void whatToDoAboutAnOutageIsSaid() {
        assertEquals(
                "no (SQLSTATE 28P01); set postgres.user and postgres.password, or the file that postgres.password-file names",
                refused("28P01"));
        assertEquals(
                "no (SQLSTATE 08003); see whether PostgreSQL hangs, or what is in between cuts connections",
                refused("08003"));
        assertEquals("no (SQLSTATE 22P02)", refused("22P02"));
        assertEquals(
                "Sequin answered 503; see whether Sequin runs, and the log of what is in front of it", answered(503));
        assertEquals(
                "Sequin answered 429: too many requests; use fewer sequin.workers, or raise the limit of what is in front of"
                        + " Sequin",
                answered(429));
        assertEquals(
                "Sequin has not answered in time (Read timed out); see whether what is at sequin.url hangs",
                ADVICE.describe(new SocketTimeoutException("Read timed out")));
    }
}
