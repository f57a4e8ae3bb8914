package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Tries whether a record that is there again, after its deletion, is still marked. */
record ReturnTrial(Trial trial, Findings findings) {
    private static final String CONSTANT = "('[^']*'|[0-9]+|(?i:true|false))(::[\\w.]+)?";

    /** Reports a mark that a record keeps which is there again, if none is taken back. */
    void run(Map<String, String> deleted) throws SQLException {
        Map<String, String> back =
                trial.row(trial.first, trial.records.deleted(1, 30), trial.records.written(1, 40, 30));
        if (back == null || !trial.upsert.isSetKnown()) {
            return;
        }
        List<TargetTable.Column> named = changed(deleted, ReturnTrial::isMark);
        List<TargetTable.Column> marks =
                named.isEmpty() ? changed(deleted, column -> isSetToConstant(column.name())) : named;
        boolean isAnyTakenBack = marks.stream()
                .anyMatch(column -> trial.upsert.assignmentTo(column.name()) != null
                        || !Objects.equals(deleted.get(column.name()), back.get(column.name())));
        marks.stream()
                .filter(column -> !isAnyTakenBack && (isMark(column) || beginsAsConstant(column.name())))
                .findFirst()
                .ifPresent(this::report);
    }

    private List<TargetTable.Column> changed(Map<String, String> deleted, Predicate<TargetTable.Column> kind) {
        return trial.table.columns().stream()
                .filter(kind)
                .filter(column -> !Objects.equals(trial.firstRow.get(column.name()), deleted.get(column.name())))
                .toList();
    }

    private void report(TargetTable.Column mark) {
        Assignment assignment = trial.delete.assignmentTo(mark.name());
        findings.error(
                Finding.LOST_DELETES,
                assignment == null ? Trial.place(trial.delete) : trial.delete.position(assignment.column()),
                ("the upsert template never sets %1$s back, so a record that comes back stays deleted; add"
                                + " %1$s = %2$s to its set")
                        .formatted(SqlNames.quoted(mark.name()), valueOfLiving(mark)));
    }

    private static boolean isMark(TargetTable.Column column) {
        return column.isFlag() || Deletion.isDead(column.name());
    }

    private boolean isSetToConstant(String column) {
        Assignment assignment = trial.delete.assignmentTo(column);
        return assignment != null && trial.delete.text(assignment.value()).matches(CONSTANT);
    }

    /** Whether the rows of living records begin with a value of which messages say nothing. */
    private boolean beginsAsConstant(String column) {
        Range inserted = trial.upsert.valueOf(column);
        boolean isConstant = inserted == null
                ? trial.upsert.columns() != null && trial.upsert.placeOf(column) < 0
                : trial.upsert.text(inserted).matches(CONSTANT);
        return isConstant && trial.firstRow.get(column) != null;
    }

    private String valueOfLiving(TargetTable.Column mark) {
        String value = trial.firstRow.get(mark.name());
        if (mark.isFlag()) {
            return String.valueOf("t".equals(value));
        }
        return value == null ? "null" : "'" + value.replace("'", "''") + "'";
    }
}
