package io.github.sequinroutes.sandbox.feed;

/** A line that is no record which a server could deliver. */
public final class BadRecordException extends Exception {
    /** With what is wrong with it, and what to do, in words for a person. */
    public BadRecordException(String message) {
        super(message);
    }
}
