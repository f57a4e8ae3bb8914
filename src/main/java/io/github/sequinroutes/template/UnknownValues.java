package io.github.sequinroutes.template;

import java.sql.SQLException;
import java.util.List;

/** Why a record cannot be written that leaves out values which its row cannot tell. */
final class UnknownValues {
    private static final String NO_DATA = "02000";
    private static final String WRITE_ANEW =
            " In the source, write the value%1$s anew, or set the replica identity of the"
                    + " table to full and update the row; then replay this message";

    private UnknownValues() {}

    /** No backfill could read them. */
    static SQLException unreadable(List<String> columns) {
        return failure(
                "the message leaves out the value%1$s of %2$s, which %3$s not changed, and the row does not have %4$s: a"
                        + " backfill cannot read %4$s." + WRITE_ANEW,
                columns);
    }

    /** The row is not there. */
    static SQLException missingRow(List<String> columns) {
        return failure(
                "the row is not there, and the message lacks the value%1$s of %2$s, which %3$s not changed: backfill the"
                        + " table, or set the replica identity of the source's table to full; then replay this message",
                columns);
    }

    /** The row is that of a deleted one, which another has replaced. */
    static SQLException deletedRow(List<String> columns) {
        return failure(
                "the table has a deleted row with this key, which another row has got since, and the message leaves out the"
                        + " value%1$s of %2$s, which %3$s not changed." + WRITE_ANEW,
                columns);
    }

    private static SQLException failure(String text, List<String> columns) {
        boolean isOne = columns.size() == 1;
        return new SQLException(
                text.formatted(
                        isOne ? "" : "s", String.join(", ", columns), isOne ? "has" : "have", isOne ? "it" : "them"),
                NO_DATA);
    }
}
