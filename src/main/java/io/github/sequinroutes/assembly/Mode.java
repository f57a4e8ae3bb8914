package io.github.sequinroutes.assembly;

/** What a bundle is there for. */
public enum Mode {
    /** It polls, writes and acks until it is stopped. */
    RUN,
    /** It only has the routes of its collections. */
    COMMAND,
    /** The same; what is wrong with files is not logged, but will be asked for. */
    CHECK;

    boolean isPolling() {
        return this == RUN;
    }
}
