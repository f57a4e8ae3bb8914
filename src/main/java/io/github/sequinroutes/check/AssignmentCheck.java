package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;

/** Checks that what an update sets are several assignments, where several are meant. */
record AssignmentCheck(SqlStatement statement, TargetTable table, Findings findings) {
    /** Reports {@code set a = 1 and b = 2}, which compares b; returns whether there is one. */
    boolean run() {
        boolean isFound = false;
        for (Assignment assignment : statement.assignments()) {
            isFound |= check(assignment.value());
        }
        return isFound;
    }

    private boolean check(Range value) {
        TokenCursor cursor = new TokenCursor(statement.tokens(), value.from());
        int cases = 0;
        for (; cursor.at + 3 < value.to(); cursor.next()) {
            cases += cursor.is("case") ? 1 : cursor.is("end") ? -1 : 0;
            int at = cursor.at;
            String name = statement.name(at + 1);
            boolean isAssignment = cases == 0
                    && cursor.is("and")
                    && name != null
                    && table.column(name) != null
                    && cursor.isAt(at + 2, "=")
                    && isNew(at + 3, value.to());
            if (isAssignment) {
                findings.error(
                        Finding.COMMA,
                        statement.position(at),
                        "and makes one condition of this assignment and the next, so %s is not set; write a comma"
                                .formatted(SqlNames.quoted(name)));
                return true;
            }
        }
        return false;
    }

    /** Whether a value of the message begins here, or a constant, as on the right of an assignment. */
    private boolean isNew(int token, int end) {
        return token < end
                && ("excluded".equals(statement.name(token))
                        || statement.tokens().get(token).path() != null
                        || statement.is(token, "true")
                        || statement.is(token, "false"));
    }
}
