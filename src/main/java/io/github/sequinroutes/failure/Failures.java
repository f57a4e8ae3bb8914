package io.github.sequinroutes.failure;

import io.github.sequinroutes.message.AckFailedException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says what failures are, in words for a person. */
public final class Failures {
    /** A prepared statement is not there, or there already. */
    private static final Set<String> OF_POOLERS = Set.of("26000", "42P05");

    private static final Set<String> OF_MISSING = Set.of("3F000", "42P01");
    private static final String LOCKED = "55P03";

    /** Of no use to a person, and another each time. */
    private static final Pattern EXCHANGE = Pattern.compile("( on the exchange:|,? on:?)? *Exchange\\[[^\\]]*]");

    private Failures() {}

    /** The first exception of a chain that PostgreSQL or its driver raised, or null. */
    public static SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                // a batch's exception quotes the whole batch; the server's own comes next
                return sql.getNextException() == null ? sql : sql.getNextException();
            }
        }
        return null;
    }

    /** The SQLSTATE of a failure, or null if it has none. */
    public static String sqlState(Throwable failure) {
        SQLException sql = sqlCause(failure);
        return sql == null || sql.getSQLState() == null || sql.getSQLState().length() != 5 ? null : sql.getSQLState();
    }

    /** Whether PostgreSQL could not be reached, or has ended the connection, rather than refused a statement. */
    public static boolean isOfConnection(Throwable failure) {
        String state = sqlState(failure);
        return state == null || state.startsWith("08") || state.startsWith("57P");
    }

    /**
     * Whether PostgreSQL itself reported the failure, in order. After anything else the driver may have lost track of
     * what the server sends, and the connection must not be used again.
     */
    public static boolean isReportedByServer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Throwable own = cause instanceof SQLException sql && sql.getNextException() != null
                    ? sql.getNextException()
                    : cause;
            if (own instanceof PSQLException p && p.getServerErrorMessage() != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * What a failure says, without the layers it passed through, in a form that can be printed; without the server's
     * details, which quote whole rows, for logs and health are read by others than the rows.
     */
    public static String describe(Throwable failure) {
        return describe(failure, UnaryOperator.identity());
    }

    /** The same with the keys as they are written for a bundle. */
    static String describe(Throwable failure, UnaryOperator<String> keys) {
        HttpOperationFailedException also = HttpFailures.suppressed(failure);
        return describeOne(failure, "", keys) + (also == null ? "" : "; and " + HttpFailures.describe(also, keys));
    }

    /** The same with the server's details, for who may read the row. */
    public static String describeInFull(Throwable failure) {
        ServerErrorMessage server = sqlCause(failure) instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String detail = server == null || server.getDetail() == null ? "" : ": " + server.getDetail();
        return describeOne(failure, detail, UnaryOperator.identity());
    }

    private static String describeOne(Throwable failure, String detail, UnaryOperator<String> keys) {
        PoolFailures pool = PoolFailures.of(failure);
        if (pool != null) {
            return pool.describe();
        }
        SQLException sql = sqlCause(failure);
        if (sql != null) {
            String tls = TlsFailures.describe(sql, TlsFailures.End.POSTGRES, keys);
            return (tls == null ? Printable.of(messageOf(sql) + detail) : tls)
                    + (sql.getSQLState() == null ? "" : " (SQLSTATE " + sql.getSQLState() + ")")
                    + (OF_POOLERS.contains(String.valueOf(sql.getSQLState()))
                            ? "; a pooler that keeps no prepared statements may be in between: add prepareThreshold=0 to the"
                                    + " URL of the database"
                            : "");
        }
        HttpOperationFailedException http = HttpFailures.httpCause(failure);
        if (http != null) {
            return HttpFailures.describe(http, keys);
        }
        String tls = TlsFailures.describe(failure, TlsFailures.End.SEQUIN, keys);
        if (tls != null) {
            return tls;
        }
        Throwable own = failure;
        while (own.getCause() != null
                && (own instanceof AckFailedException
                        || own.getClass().getName().startsWith("org.apache.camel."))) {
            own = own.getCause();
        }
        if (own instanceof SocketTimeoutException) {
            return "Sequin has not answered in time (" + Printable.of(String.valueOf(own.getMessage())) + ")";
        }
        if (own instanceof UnknownHostException) {
            return "The host " + Printable.of(String.valueOf(own.getMessage())) + " is unknown";
        }
        return Printable.of(
                own.getMessage() == null
                        ? own.getClass().getSimpleName()
                        : EXCHANGE.matcher(own.getMessage()).replaceAll(""));
    }

    /**
     * What to do if it is not the template or the table that is wrong, behind a semicolon: somebody holds a lock, or the
     * bundle's own tables are gone. Else empty.
     */
    public static String remedy(Throwable failure) {
        String state = String.valueOf(sqlState(failure));
        boolean isOwnTable = OF_MISSING.contains(state) && headline(failure).contains("\"sequin");
        return isOwnTable || state.equals(LOCKED) ? "; " + DatabaseAdvice.of(state, UnaryOperator.identity()) : "";
    }

    /** What the server says first, without the details, which quote what it was about; empty if it is not the server's. */
    public static String headline(Throwable failure) {
        return sqlCause(failure) instanceof PSQLException p && p.getServerErrorMessage() != null
                ? String.valueOf(p.getServerErrorMessage().getMessage())
                : "";
    }

    /** The same failure to connect, described with what it is about before it. */
    public static SQLException about(String name, SQLException failure) {
        ServerErrorMessage server = failure instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String message = server == null ? failure.getMessage() : server.getMessage();
        return new SQLException(name + ": " + message, failure.getSQLState(), failure.getCause());
    }

    private static String describeNetwork(IOException failure) {
        return failure instanceof UnknownHostException
                ? "The host " + failure.getMessage() + " is unknown."
                : "It says: "
                        + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage())
                        + ".";
    }

    private static String messageOf(SQLException failure) {
        ServerErrorMessage server = failure instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (server == null) {
            // the driver says that it could not connect, and its cause why
            return failure.getMessage() + (failure.getCause() instanceof IOException e ? " " + describeNetwork(e) : "");
        }
        return server.getMessage();
    }
}
