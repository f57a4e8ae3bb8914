package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.util.ServerErrorMessage;

/** Tells why every message is refused, where that cannot be due to what is made up: values, or the form of IDs. */
record RefusedTrial(Trial trial, Findings findings) {
    /** Reports it. */
    void run() throws SQLException {
        List<CopiedTable.Outcome> refusals = trial.refusals();
        // steps of a route may make something else of any value
        if (refusals.isEmpty() || trial.collection.hasSteps()) {
            return;
        }
        ServerErrorMessage first = refusals.get(0).failure();
        for (CopiedTable.Outcome other : refusals) {
            if (!first.getSQLState().equals(other.state())
                    || !String.valueOf(first.getMessage())
                            .equals(other.failure().getMessage())) {
                return;
            }
        }
        String state = first.getSQLState();
        if (state.equals("21000")) {
            report(first, trial.upsert.at(), "write one row for each key");
        } else if (state.equals("23502") && isCertain(first.getColumn())) {
            report(first, placeOf(first.getColumn()), "write what is never null, as in coalesce(…, false)");
        } else if (state.equals("23514")) {
            ofCheck(first);
        } else if (state.startsWith("22") && String.valueOf(first.getMessage()).endsWith("\"false\"")) {
            report(first, placeOfDeleted(), "for a number write case when :#deleted then 1 else 0 end");
        }
    }

    private void ofCheck(ServerErrorMessage failure) throws SQLException {
        List<String> columns = failure.getConstraint() == null ? null : trial.copy.columnsOf(failure.getConstraint());
        if (columns != null && !columns.isEmpty() && columns.stream().allMatch(this::isCertain)) {
            report(failure, placeOf(columns.get(0)), "write what the constraint takes, or alter it");
        }
    }

    /** Whether a column gets the same of every record, or what only depends on whether it is deleted. */
    private boolean isCertain(String column) {
        boolean isWritten = column != null && trial.upsert.isPlain() && trial.upsert.columns() != null;
        Range value = isWritten ? trial.upsert.valueOf(column) : null;
        return isWritten
                && (value == null
                        || trial.upsert.paths(value).stream()
                                .allMatch(path -> trial.paths.isConsume() && trial.paths.isDeleted(path)));
    }

    private int placeOf(String column) {
        Range value = trial.upsert.valueOf(column);
        return value == null ? trial.upsert.at() : value.from();
    }

    private int placeOfDeleted() {
        int at = trial.upsert.find(trial.paths::isDeleted);
        return at < 0 ? trial.upsert.at() : at;
    }

    private void report(ServerErrorMessage failure, int token, String advice) {
        findings.error(
                Finding.REFUSED,
                trial.upsert.position(token),
                "every message that is no deletion is refused: " + failure.getMessage() + " (SQLSTATE "
                        + failure.getSQLState() + "); " + advice);
    }
}
