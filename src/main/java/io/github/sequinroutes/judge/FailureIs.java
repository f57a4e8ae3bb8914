package io.github.sequinroutes.judge;

import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/** Whether the failure that a route is about to catch is of one kind. */
public final class FailureIs implements Predicate {
    private final FailurePolicy policy;
    private final Kind kind;

    /** Matches failures that by this policy are of this kind. */
    public FailureIs(FailurePolicy policy, Kind kind) {
        this.policy = policy;
        this.kind = kind;
    }

    @Override
    public boolean matches(Exchange exchange) {
        return policy.of(exchange.getException()) == kind;
    }
}
