package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import java.util.List;

/**
 * Checks that an upsert template writes the ID of a record where its delete template looks for it. That one is told as well, but
 * it can be the right one of the two.
 */
record OtherKeyCheck(SqlStatement upsert, SqlStatement delete, Paths paths, Findings findings) {
    private static final List<String> ID = List.of("id");

    /** Reports a column of the key with a value that several records can have. */
    void run() {
        boolean isKnown = paths.isConsume()
                && delete.where() != null
                && delete.targetName().equals(upsert.targetName())
                && upsert.conflict() != null
                && upsert.conflict().columns() != null;
        for (int token : isKnown ? upsert.conflict().columns() : List.<Integer>of()) {
            String column = upsert.name(token);
            Range looked = KeyExpressions.compared(delete, column);
            Range written = upsert.valueOf(column);
            boolean isOther = looked != null
                    && written != null
                    && delete.paths(looked).equals(List.of(ID))
                    && upsert.isPath(written)
                    && paths.isData(upsert.paths(written).get(0));
            if (isOther) {
                findings.warning(
                        Finding.ONE_ROW,
                        upsert.position(written.from()),
                        "%s is not the ID of the record, which the delete template looks for in %s: records that have the same share"
                                        .formatted(upsert.text(written), SqlNames.quoted(column))
                                + " one row; write :#id");
            }
        }
    }
}
