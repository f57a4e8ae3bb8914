package io.github.sequinroutes.sequin;

import io.github.sequinroutes.failure.Failures;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of tokens that the server refuses, the first at once, then how many there were, once a minute: it may refuse all, and
 * a line for each message would fill the log. Thread-safe.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private long untold;
    private long toldAt;

    /** By this monotonic clock. */
    Refusals(LongSupplier clock) {
        this.clock = clock;
        toldAt = clock.getAsLong() - MINUTE;
    }

    /** Notes those that a call, {@code ack} or {@code nack}, has had, if there are any. */
    synchronized void tell(String call, List<? extends Exception> refused) {
        untold += refused.size();
        long now = clock.getAsLong();
        if (refused.isEmpty() || now - toldAt < MINUTE) {
            return;
        }
        LOG.warn(
                "The server refuses to {} {}, to come again when the lease is over: {}.",
                call,
                untold == 1 ? "a message" : untold + " messages",
                Failures.describe(refused.get(0)));
        untold = 0;
        toldAt = now;
    }
}
