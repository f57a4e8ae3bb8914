package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Says why the server refuses a template, and what to write; {@code table} is the one that it writes, or null. */
record RefusedCheck(Connection connection, SqlStatement statement, TargetTable table, Paths paths, Findings findings) {
    /** Reports it. */
    void report(TemplateRefusedException refused) throws SQLException {
        ColumnCheck columns = table == null ? null : new ColumnCheck(statement, table, findings);
        String state = refused.getSQLState();
        boolean isExplained = columns != null
                && ((state.equals(Refusal.NO_TARGET) && new ConflictCheck(statement, table, findings).explain())
                        || (Refusal.isOfGenerated(refused) && columns.generated())
                        || (Set.of("42804", "42702").contains(state)
                                && new AssignmentCheck(statement, table, findings).run()));
        if (isExplained) {
            return;
        }
        Refusal refusal = new Refusal(statement, table, paths, new KnownNames(connection), refused);
        boolean isFound = columns != null && state.equals(Refusal.NO_COLUMN) && columns.unknown();
        if (isFound && !refusal.isAtName()) {
            return;
        }
        String counts = columns != null && state.equals(Refusal.SYNTAX) ? columns.counts() : null;
        String grants = state.equals(MissingGrants.NOT_ALLOWED)
                ? MissingGrants.advice(connection, List.of(statement.template()), refused.reason())
                : "";
        findings.error(refusal.position(), refusal.text(counts == null ? grants : counts));
    }
}
