package io.github.sequinroutes.judge;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which failures are of which kind, by SQLSTATE. */
public final class FailurePolicy {
    private final Map<String, Kind> kinds = new HashMap<>();

    /** The SQLSTATEs of each kind, whole or just their first two characters; the whole one counts more. */
    public FailurePolicy(List<String> retry, List<String> stop, List<String> reject) {
        retry.forEach(state -> kinds.put(state, Kind.RETRY));
        stop.forEach(state -> kinds.put(state, Kind.STOP));
        reject.forEach(state -> kinds.put(state, Kind.REJECT));
    }

    /**
     * The kind of a failure. What PostgreSQL did not raise is never a record's fault; what it raised and nobody thought
     * of stops the collection, which loses nothing and shows it.
     */
    public Kind of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DeadLettersNotStoredException) {
                return Kind.RETRY; // whatever is wrong with that table, the collection has no part in it
            }
        }
        SQLException cause = Failures.sqlCause(failure);
        if (cause instanceof MalformedRecordException || cause instanceof RecordTooLargeException) {
            return Kind.REJECT;
        }
        if (cause == null || cause.getSQLState() == null) {
            return Kind.RETRY;
        }
        String state = cause.getSQLState();
        Kind byClass = kinds.getOrDefault(state.substring(0, 2), Kind.STOP);
        return kinds.getOrDefault(state, byClass);
    }
}
