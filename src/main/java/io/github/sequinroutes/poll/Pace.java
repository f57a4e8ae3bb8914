package io.github.sequinroutes.poll;

import io.github.sequinroutes.failure.Advice;
import io.github.sequinroutes.sequin.AckFailures;
import io.github.sequinroutes.sequin.SequinApi;
import java.util.function.BooleanSupplier;

/**
 * How a worker works.
 *
 * @param api                 what requests look like
 * @param sizes               how many messages to take at once
 * @param waitForMillis       how long the server may hold a request while there is no message, in milliseconds
 * @param continuous          whether to wait for messages once the consumer is drained, rather than to rest until
 *                            the next firing
 * @param deadLetters         how it is slowed down when all is wrong
 * @param hasUnacked           whether messages are left unacked, to be tried again soon
 * @param preparation         what must come before a request
 * @param advice              what to do about what fails
 * @param outages             where it tells what fails
 * @param ackFailures         whether acks fail
 * @param heldBack            whether messages are held back
 */
public record Pace(
        SequinApi api,
        BatchSizes sizes,
        long waitForMillis,
        boolean continuous,
        DeadLetterPace deadLetters,
        BooleanSupplier hasUnacked,
        Preparation preparation,
        Advice advice,
        Outages outages,
        AckFailures ackFailures,
        HeldBack heldBack) {
    /** What must come before a request for messages. */
    @FunctionalInterface
    public interface Preparation {
        /**
         * Does it.
         *
         * @param needsProbe whether the database must be probed first
         * @return whether messages have been given back, and so will come again at once
         */
        boolean prepare(boolean needsProbe) throws Exception;
    }
}
