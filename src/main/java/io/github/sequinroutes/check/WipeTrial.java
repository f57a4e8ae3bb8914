package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Tries whether a deletion without data wipes what is known of its record. Only columns that hold data are looked at: what else
 * a deletion changes is its mark.
 */
record WipeTrial(Trial trial, Findings findings) {
    /** Reports columns that are null, or have what another had, in a row that a deletion by the upsert template has left. */
    void ofUpsert(Map<String, String> left) throws SQLException {
        List<String> columns = isKnown() ? dataColumns() : List.of();
        DeletionCheck check = new DeletionCheck(trial.upsert, trial.table, trial.paths, findings);
        List<String> told = check.wipedColumns();
        List<String> wiped = columns.stream()
                .filter(column -> left.get(column) == null && !told.contains(column))
                .toList();
        if (!wiped.isEmpty()) {
            report(trial.upsert, wiped, check.keeping(wiped.get(0)));
        }
        for (String column : columns) {
            String other = columns.stream()
                    .filter(one -> !one.equals(column) && isFrom(left.get(column), one))
                    .findFirst()
                    .orElse(null);
            if (other != null && !Objects.equals(left.get(column), trial.firstRow.get(column))) {
                findings.warning(
                        Finding.TOMBSTONE,
                        Trial.place(trial.upsert, column),
                        "a deletion sets %s to what %s has; %s"
                                .formatted(SqlNames.quoted(column), SqlNames.quoted(other), check.keeping(column)));
            }
        }
    }

    /** Reports columns that a delete template sets from its data; one that it sets to null itself is meant so. */
    void ofTemplate(Map<String, String> left) throws SQLException {
        List<String> wiped = (isKnown() ? dataColumns() : List.<String>of())
                .stream()
                        .filter(column -> left.get(column) == null && isOfData(column))
                        .toList();
        if (!wiped.isEmpty()) {
            report(trial.delete, wiped, "leave out what a deletion does not say");
        }
    }

    /**
     * Warns of a delete template that sets to null what may be null in a row that is alive, and marks nothing: whatever else
     * it changes, a newer message that is no deletion does as well.
     */
    void withoutMark(Map<String, String> left) throws SQLException {
        Map<String, String> alive = trial.row(trial.first, trial.records.written(1, 30, 10));
        Map<String, String> bare = trial.row(trial.records.withoutData(1, 10));
        if (alive == null || bare == null || findings.isFound(Finding.TOMBSTONE)) {
            return;
        }
        List<String> changed = left.keySet().stream()
                .filter(column -> !trial.versions.contains(column)
                        && !Objects.equals(left.get(column), trial.firstRow.get(column))
                        && !Objects.equals(left.get(column), alive.get(column)))
                .toList();
        boolean marksNothing = !changed.isEmpty()
                && changed.stream()
                        .allMatch(column ->
                                left.get(column) == null && bare.get(column) == null && !Deletion.isAlive(column));
        if (marksNothing) {
            findings.warning(
                    Finding.LOST_DELETES,
                    Trial.place(trial.delete, changed.get(0)),
                    "a deletion sets %s to null and marks nothing, so its row looks like that of a record without %s; set a"
                                    .formatted(SqlNames.list(changed), changed.size() == 1 ? "it" : "them")
                            + " mark as well, such as deleted = true, or delete the row");
        }
    }

    /** Whether deletions are as they come, and may lack data. */
    private boolean isKnown() {
        return trial.paths.isConsume() && !trial.collection.hasSteps();
    }

    private void report(SqlStatement statement, List<String> columns, String advice) {
        findings.warning(
                Finding.TOMBSTONE,
                Trial.place(statement, columns.get(0)),
                "a deletion without data sets " + SqlNames.list(columns) + " to null; " + advice);
    }

    /** The columns that the data of a record give another value. */
    private List<String> dataColumns() throws SQLException {
        Map<String, String> one = trial.firstRow;
        Map<String, String> other = trial.row(trial.records.written(1, 10, 30));
        return one.keySet().stream()
                .filter(column -> other != null
                        && !trial.versions.contains(column)
                        && one.get(column) != null
                        && other.get(column) != null
                        && (!one.get(column).equals(other.get(column)) || isNothingButData(column)))
                .toList();
    }

    /** Of some types all made-up values are the same. */
    private boolean isNothingButData(String column) {
        List<List<String>> paths = trial.upsert.pathsOf(column);
        return !paths.isEmpty() && paths.stream().allMatch(trial.paths::isData);
    }

    /** Whether a value is that of another column before, or its day. */
    private boolean isFrom(String value, String column) {
        String before = trial.firstRow.get(column);
        return value != null && (before.equals(value) || before.startsWith(value + " "));
    }

    private boolean isOfData(String column) {
        SqlStatement delete = trial.delete;
        Assignment assignment = delete.assignmentTo(column);
        return Stream.concat(
                        delete.pathsOf(column).stream(),
                        assignment == null ? Stream.of() : delete.paths(assignment.value()).stream())
                .anyMatch(trial.paths::isData);
    }
}
