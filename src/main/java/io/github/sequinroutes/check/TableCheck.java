package io.github.sequinroutes.check;

import io.github.sequinroutes.check.TargetTable.ForeignKey;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/** Checks what else a table has that concerns its writing. */
record TableCheck(SqlStatement statement, TargetTable table, Findings findings) {
    /** Reports rules and triggers that do nothing else than leave out what a statement does. */
    void swallowed(TableReader tables, boolean isDelete) throws SQLException {
        String what = tables.swallowing(table, statement.verb());
        if (what != null) {
            findings.warning(
                    isDelete ? Finding.LOST_DELETES : Finding.NO_ROW,
                    statement.position(statement.at()),
                    "%s of %s leaves out every %s, so nothing is written; drop it"
                            .formatted(
                                    what, table.name(), statement.verb().name().toLowerCase(Locale.ROOT)));
        }
    }

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
        if (table.wholeName() != null && statement.verb() == SqlStatement.Verb.INSERT) {
            findings.warning(
                    Finding.REFUSED,
                    place,
                    "%1$s is one partition of %2$s, and refuses the rows of the others (SQLSTATE 23514); write into %2$s"
                            .formatted(table.name(), table.wholeName()));
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
