package io.github.sequinroutes.failure;

import java.net.SocketTimeoutException;
import org.apache.camel.http.base.HttpOperationFailedException;

/** What to do about a failure of a bundle's own ends, the consumer and the database that it writes to. */
public final class Advice {
    private Advice() {}

    /** What a failure says, and what to do about it if that is known. */
    public static String describe(Throwable failure) {
        String advice = of(failure);
        return Failures.describe(failure) + (advice == null ? "" : "; " + advice);
    }

    private static String of(Throwable failure) {
        if (Failures.sqlCause(failure) != null) {
            return ofDatabase(String.valueOf(Failures.sqlState(failure)));
        }
        HttpOperationFailedException http = HttpFailures.httpCause(failure);
        if (http != null) {
            return ofServer(http.getStatusCode());
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return "see whether what is at sequin.url hangs";
            }
        }
        return null;
    }

    private static String ofDatabase(String sqlState) {
        if (sqlState.startsWith("28")) {
            return "set postgres.user and postgres.password, or the file that postgres.password-file names";
        }
        return sqlState.equals("08003") ? "see whether PostgreSQL hangs, or what is in between cuts connections" : null;
    }

    private static String ofServer(int status) {
        return switch (status) {
            case 429 -> "use fewer sequin.workers, or raise the limit of what is in front of Sequin";
            case 502, 503, 504 -> "see whether Sequin runs, and the log of what is in front of it";
            default -> null;
        };
    }
}
