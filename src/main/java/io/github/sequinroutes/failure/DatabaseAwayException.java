package io.github.sequinroutes.failure;

/** The database does not answer: nothing more is written until it does. */
public final class DatabaseAwayException extends RuntimeException {
    /** Because of this failure. */
    public DatabaseAwayException(Throwable cause) {
        super("The database does not answer", cause);
    }
}
