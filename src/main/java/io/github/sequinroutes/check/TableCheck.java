package io.github.sequinroutes.check;

import io.github.sequinroutes.check.TargetTable.ForeignKey;
import java.util.Map;

/** Checks what else a table has that concerns its writing. */
record TableCheck(SqlStatement statement, TargetTable table, Findings findings) {
    /** Reports foreign keys to tables that others write, by the oid of the table and the ID of the collection; and policies. */
    void run(Map<Long, String> writers) {
        int place = statement.position(statement.target().from());
        for (ForeignKey key : table.foreignKeys()) {
            if (writers.containsKey(key.target())) {
                findings.warning(
                        Finding.FOREIGN_KEY,
                        place,
                        ("%s refers to %s (%s), which %s writes: a row that comes before its parent is a dead letter"
                                        + " (SQLSTATE 23503); drop the constraint, or replay such dead letters")
                                .formatted(table.name(), key.targetName(), key.name(), writers.get(key.target())));
            }
        }
        if (table.takesNoRow()) {
            findings.error(
                    Finding.REFUSED,
                    place,
                    table.name() + " has no partition, so every message is refused (SQLSTATE 23514); create one");
        }
        if (table.isFiltered()) {
            findings.warning(
                    Finding.ROW_SECURITY,
                    place,
                    ("row-level security of %1$s applies to the role %2$s, which cannot see or write some rows;"
                                    + " alter role %2$s bypassrls")
                            .formatted(table.name(), SqlNames.quoted(table.role())));
        }
    }
}
