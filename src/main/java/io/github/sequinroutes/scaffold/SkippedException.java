package io.github.sequinroutes.scaffold;

/** A table of which no replica can be kept; the message says why, and what to do. */
final class SkippedException extends Exception {
    SkippedException(String message) {
        super(message);
    }
}
