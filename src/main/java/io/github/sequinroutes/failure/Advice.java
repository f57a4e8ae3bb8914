package io.github.sequinroutes.failure;

import io.github.sequinroutes.message.UnreadableResponseException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Where to look and what to do about a failure of a bundle's own ends, the consumer and the database that it writes to,
 * with the keys as they are written for that bundle. Thread-safe.
 */
public final class Advice {
    private final UnaryOperator<String> keys;

    /**
     * For a bundle.
     *
     * @param keys what a key without the name of a bundle, such as {@code sequin.url}, is called for it
     */
    public Advice(UnaryOperator<String> keys) {
        this.keys = keys;
    }

    /** What a failure says, and what to do about it if that is known. */
    public String describe(Throwable failure) {
        String advice = of(failure);
        return explain(failure) + (advice == null ? "" : "; " + advice);
    }

    /** What a failure says. */
    public String explain(Throwable failure) {
        return Failures.describe(failure, keys);
    }

    /** Where to look: a key, or what a key names; empty if it is at neither end. */
    public String place(Throwable failure) {
        if (isCausedBy(failure, LeaseExpiredException.class)) {
            return "";
        }
        if (Failures.sqlCause(failure) != null || isCausedBy(failure, DatabaseAwayException.class)) {
            return DatabaseAdvice.place(String.valueOf(Failures.sqlState(failure)), keys);
        }
        HttpOperationFailedException http = HttpFailures.httpCause(failure);
        if (http != null && http.getStatusCode() >= 500) {
            return "the server at " + keys.apply("sequin.url");
        }
        return keys.apply(
                http != null && http.getStatusCode() == 429 ? "sequin.workers" : HttpFailures.keyAtFault(failure));
    }

    private String of(Throwable failure) {
        PoolFailures pool = PoolFailures.of(failure);
        if (pool != null) {
            return pool.advice(keys);
        }
        SQLException sql = Failures.sqlCause(failure);
        if (sql != null) {
            if (isCausedBy(sql, FileNotFoundException.class)) { // such as the authorities, at the driver's own place
                return "give the path of that file in " + keys.apply("postgres.url")
                        + ": sslrootcert, sslcert or sslkey";
            }
            boolean isSaid = TlsFailures.describe(sql, TlsFailures.End.POSTGRES, keys) != null
                    || Failures.headline(failure).contains("run migrate");
            return isSaid ? null : DatabaseAdvice.of(String.valueOf(Failures.sqlState(failure)), keys);
        }
        HttpOperationFailedException http = HttpFailures.httpCause(failure);
        if (http != null) {
            return ofServer(http);
        }
        if (TlsFailures.describe(failure, TlsFailures.End.SEQUIN, keys) != null) {
            return null; // which says what to do
        }
        if (isCausedBy(failure, SocketTimeoutException.class)) {
            return "see whether what is at " + keys.apply("sequin.url") + " hangs";
        }
        if (isCausedBy(failure, ConnectException.class)
                || isCausedBy(failure, NoRouteToHostException.class)
                || isCausedBy(failure, UnknownHostException.class)) {
            return "see whether Sequin runs there, and check " + keys.apply("sequin.url") + ", or "
                    + keys.apply("sequin.proxy") + " if there is one";
        }
        if (isCausedBy(failure, IOException.class)) {
            return "see the log of Sequin, and of what is in front of it";
        }
        return isCausedBy(failure, UnreadableResponseException.class)
                ? "see whether " + keys.apply("sequin.url")
                        + " leads to Sequin, and not to a page of what is in front of" + " it, and "
                        + keys.apply("sequin.api") + " is the API that it speaks"
                : null;
    }

    private String ofServer(HttpOperationFailedException answer) {
        int status = answer.getStatusCode();
        return switch (status) {
            case 429 ->
                "use fewer " + keys.apply("sequin.workers") + ", or raise the limit of what is in front of Sequin";
            case 500 ->
                HttpFailures.isUnexplained(answer)
                        ? null // which says it
                        : "see the log of Sequin: a transform or enrichment function of the sink may raise, or Sequin's own"
                                + " database be away";
            case 502, 503, 504 -> "see whether Sequin runs, and the log of what is in front of it";
            default -> status > 500 ? "see the log of Sequin, and of what is in front of it" : null;
        };
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
