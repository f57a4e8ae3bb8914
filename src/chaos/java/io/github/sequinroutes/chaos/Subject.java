package io.github.sequinroutes.chaos;

/** A collection that is written and audited. */
interface Subject {
    /** The collection ID. */
    String collection();

    /** The table that it is written to. */
    String table();

    /** The column of that table that has a text. */
    String text();

    /** The column that has a number, a {@code bigint}. */
    String number();
}
