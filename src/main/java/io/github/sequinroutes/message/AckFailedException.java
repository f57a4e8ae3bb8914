package io.github.sequinroutes.message;

/** The server could not be told what is written: it delivers that again. */
public final class AckFailedException extends Exception {
    /** Because of another failure, which is described in its place. */
    public AckFailedException(Exception cause) {
        super(cause);
    }
}
