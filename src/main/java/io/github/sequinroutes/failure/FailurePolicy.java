package io.github.sequinroutes.failure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Of which kind an SQLSTATE is. */
public final class FailurePolicy {
    private final Map<String, FailureKind> kinds = new HashMap<>();

    /** The SQLSTATEs of each kind, whole or just their first two characters; the whole one counts more. */
    public FailurePolicy(List<String> retry, List<String> stop, List<String> reject) {
        retry.forEach(state -> kinds.put(state, FailureKind.RETRY));
        stop.forEach(state -> kinds.put(state, FailureKind.STOP));
        reject.forEach(state -> kinds.put(state, FailureKind.REJECT));
    }

    /**
     * The kind of a failure. Without an SQLSTATE it is the database that is away; one in no list stops the collection:
     * nothing is lost, and health reports it.
     */
    public FailureKind of(Throwable failure) {
        String state = Failures.sqlState(failure);
        if (state == null) {
            return FailureKind.RETRY;
        }
        FailureKind byClass = kinds.getOrDefault(state.substring(0, 2), FailureKind.STOP);
        return kinds.getOrDefault(state, byClass);
    }
}
