package io.github.sequinroutes.failure;

/** Dead letters could not be stored: their messages stay unacked and come again. */
public final class DeadLettersNotStoredException extends RuntimeException {
    /** Because of this failure. */
    public DeadLettersNotStoredException(Exception cause) {
        super("The dead letters could not be stored", cause);
    }
}
