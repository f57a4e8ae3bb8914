package io.github.sequinroutes.scaffold;

/** A collection or a table for which nothing can be written; the message says why, and what to do. */
public final class SkippedException extends Exception {
    /** Says why. */
    public SkippedException(String message) {
        super(message);
    }
}
