package io.github.sequinroutes.sandbox.replication;

/**
 * A change of a row.
 *
 * @param relation the row's table
 * @param action what happened to it
 * @param row the new row; of a delete the old one, or its key
 * @param old of an update the whole old row, if the table has a full identity; else null
 * @param index the change's place in its transaction, from 0
 */
public record RowChange(Relation relation, Action action, Tuple row, Tuple old, int index) {
    /** What happened to a row. */
    public enum Action {
        /** It is new. */
        INSERT,
        /** It has other values. */
        UPDATE,
        /** It is gone. */
        DELETE
    }
}
