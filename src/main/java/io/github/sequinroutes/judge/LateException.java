package io.github.sequinroutes.judge;

/** A batch was given up because its lease was nearly over. */
public final class LateException extends RuntimeException {
    /** With the message for the log. */
    public LateException(String message) {
        super(message);
    }
}
