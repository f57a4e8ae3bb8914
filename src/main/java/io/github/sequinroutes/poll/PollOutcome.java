package io.github.sequinroutes.poll;

/** What has come of a request for messages. */
public enum PollOutcome {
    /** Messages have come, and all of what could be done with them is done. */
    MESSAGES,
    /** There were none. */
    EMPTY,
    /** Sequin does not let it: the token or the consumer is wrong. */
    REFUSED,
    /** Nothing has come, or not all of it could be written or acked; or the database did not answer before. */
    FAILED
}
