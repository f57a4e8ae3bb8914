package io.github.sequinroutes.judge;

/** What must happen after a failure. */
public enum Kind {
    /** The database is away or busy: ack nothing, dead-letter nothing, try again later. */
    RETRY,
    /** The template or the schema is wrong: the collection pauses, the others go on. */
    STOP,
    /** The record is at fault: dead-letter it. */
    REJECT
}
