package io.github.sequinroutes.failure;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What HikariCP says, with a name and numbers of its own, when it has had no connection to give in time. */
final class PoolFailures {
    private static final Pattern TIMED_OUT =
            Pattern.compile(" - Connection is not available, request timed out after (\\d+)ms(?:.*, active=([1-9]))?");

    /** The pool has closed a connection that did not answer: that is no reason. */
    private static final String CLOSED = "08003";

    private final String text;
    private final boolean areInUse;

    private PoolFailures(Matcher timedOut) {
        long seconds = Math.round(Long.parseLong(timedOut.group(1)) / (double) TimeUnit.SECONDS.toMillis(1));
        areInUse = timedOut.group(2) != null;
        text = (areInUse ? "No connection to PostgreSQL has come free" : "PostgreSQL has given no connection")
                + " within " + seconds + " s";
    }

    /** That of a chain of causes, or null if there is none, or what is below it says why. */
    static PoolFailures of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException e && isWithoutReason(e)) {
                Matcher timedOut = TIMED_OUT.matcher(String.valueOf(e.getMessage()));
                return timedOut.find() ? new PoolFailures(timedOut) : null;
            }
        }
        return null;
    }

    private static boolean isWithoutReason(SQLException failure) {
        return failure.getNextException() == null
                || CLOSED.equals(failure.getNextException().getSQLState());
    }

    /** What has happened. */
    String describe() {
        return text;
    }

    /** What to do. */
    String advice(UnaryOperator<String> keys) {
        return "see whether what is at " + keys.apply("postgres.url") + " hangs"
                + (areInUse ? ", or in pg_stat_activity what the connections wait for" : "");
    }
}
