package io.github.sequinroutes.judge;

import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/** Whether the failure that a route is about to catch is of one kind. */
public final class FailureIs implements Predicate {
    private final Kind kind;

    /** Matches failures of this kind. */
    public FailureIs(Kind kind) {
        this.kind = kind;
    }

    @Override
    public boolean matches(Exchange exchange) {
        return Failures.kindOf(exchange.getException()) == kind;
    }
}
