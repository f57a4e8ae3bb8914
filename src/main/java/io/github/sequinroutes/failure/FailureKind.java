package io.github.sequinroutes.failure;

/** What an SQLSTATE says, by itself, of who is at fault: a first hint, which the evidence may overrule. */
public enum FailureKind {
    /** The database is away or busy. */
    RETRY,
    /** The template or the schema is wrong. */
    STOP,
    /** The record is wrong. */
    REJECT
}
