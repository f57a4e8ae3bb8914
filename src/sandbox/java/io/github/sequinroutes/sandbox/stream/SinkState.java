package io.github.sequinroutes.sandbox.stream;

/** How a sink responds, whatever it holds. */
public enum SinkState {
    /** It delivers. */
    ACTIVE,
    /** It is paused, or disabled, and delivers nothing. */
    PAUSED,
    /** The server starts, and every request is a 500 without a body. */
    BOOTING,
    /** The server has no messages of it: it starts, or the sink is disabled or just deleted. Every request is a 500. */
    NO_STORE,
    /** It does not exist: every request is a 404. */
    DELETED
}
