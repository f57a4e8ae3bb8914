package io.github.sequinroutes.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

class FailuresTest {
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
}
