package io.github.sequinroutes.failure;

/** Messages were given up because their lease is nearly over: they would be written late, when others have them too. */
public final class LeaseExpiredException extends RuntimeException {
    /** With the message for the log. */
    public LeaseExpiredException(String message) {
        super(message);
    }
}
