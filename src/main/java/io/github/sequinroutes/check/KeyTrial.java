package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Tries whether records have rows of their own, whatever their IDs look like. */
record KeyTrial(Trial trial, Findings findings) {
    /** So many that some share the first letter of their IDs. */
    private static final int STRANGERS = 24;

    /** With fewer letters there are not enough for the records of most collections. */
    private static final int FEW = 4;

    /** Reports a row that two records share, if it has something of them. */
    void shared(Message other) throws SQLException {
        List<Map<String, String>> both = trial.rows(trial.first, other);
        if (both == null || both.size() != 1 || isTold() || !hasItsOwn()) {
            return;
        }
        List<Map<String, String>> rows = trial.rows(messages(MadeUpText.FIRST_STRANGER, STRANGERS));
        if (rows == null || rows.isEmpty() || rows.size() == STRANGERS) {
            return; // a key that is cut out of IDs of another form
        }
        String text =
                "records of different IDs share one row, because " + key() + " does not tell them apart" + advice();
        report(rows.size() > 1, text);
    }

    /** Reports a key that has only a part of IDs, or takes some for one; a column that is too narrow refuses them. */
    void parts() throws SQLException {
        if (!hasItsOwn()) {
            return;
        }
        String start = common(MadeUpText.FIRST_ALIKE);
        if (start.matches("r.*") && MadeUpText.COMMON.startsWith(start.replaceFirst("0.*", ""))) {
            report(
                    false,
                    "records whose IDs begin alike share one row, because " + key() + " has only a part of them"
                            + advice());
        }
        String end = common(MadeUpText.FIRST_ENDING);
        if (!end.isEmpty() && MadeUpText.ENDING.endsWith(end)) {
            report(
                    end.length() <= FEW,
                    "records whose IDs end alike share one row, because " + key() + " has only a part of them"
                            + advice());
        }
        if (MadeUpText.DIGITS.equals(common(MadeUpText.FIRST_LETTERS))) {
            report(
                    false,
                    "records whose IDs differ in letters only share one row, because " + key()
                            + " has only their digits" + advice());
        }
        List<Map<String, String>> others = trial.rows(trial.first, trial.records.written(2, 10, 40));
        if (others != null && others.size() == 2) {
            cases();
            absent();
        }
    }

    /** What the key of so many records has in common; empty if they have rows of their own, or none. */
    private String common(int first) throws SQLException {
        List<Map<String, String>> rows = isTold() ? null : trial.rows(messages(first, 3));
        if (rows == null || rows.size() != 1 || trial.upsert.keyColumns().isEmpty()) {
            return "";
        }
        return trial.upsert.keyColumns().stream()
                .filter(name ->
                        String.valueOf(trial.table.column(name).baseType()).matches("text|varchar|numeric|int[48]"))
                .map(rows.get(0)::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /** Warns of a key that is the same in capitals, as the IDs of some services are not. */
    private void cases() throws SQLException {
        CopiedTable.Outcome both = trial.outcome(inCase(0), inCase(1));
        boolean isShared = both.rows() != null
                && both.rows().size() == 1
                && hasWholeId(both.rows().get(0));
        if (!isTold() && (isShared || "23505".equals(both.state()))) {
            report(
                    false,
                    "of records whose IDs differ in capitals only "
                            + (isShared ? "one overwrites the other" : "one is refused (SQLSTATE 23505)")
                            + ", because " + key() + " takes them for one" + advice()
                            + (isShared ? ", as it is, of a type and collation that tell capitals apart" : ""));
        }
    }

    /** Whether the key of a row has an ID, and not what is left of one that is too short. */
    private boolean hasWholeId(Map<String, String> row) {
        return trial.upsert.keyColumns().isEmpty()
                || trial.upsert.keyColumns().stream()
                        .map(row::get)
                        .anyMatch(value -> value != null
                                && value.toLowerCase(Locale.ROOT)
                                        .contains(MadeUpText.CAPITALS.toLowerCase(Locale.ROOT)));
    }

    /** Reports a key that makes the same of all records that lack it. */
    private void absent() throws SQLException {
        List<Map<String, String>> rows =
                !trial.paths.isConsume() || isTold() ? null : trial.rows(withoutUpstream(1), withoutUpstream(2));
        if (rows != null && rows.size() == 1) {
            report(
                    true,
                    "records without :#upstream_id share one row, because " + key()
                            + " has nothing else of them; write :#id, or" + " coalesce(:#upstream_id, :#id)");
        }
    }

    private Message withoutUpstream(int record) {
        return trial.records.having(List.of("upstream_id"), null, record, 10 * record, false);
    }

    /** Warns of a delete template that takes IDs for the same which have rows of their own. */
    void deletes() throws SQLException {
        if (findings.isFound(Finding.EVERY_ROW)) {
            return;
        }
        Map<String, String> other = trial.row(inCase(1));
        List<Map<String, String>> both = trial.rows(inCase(0), inCase(1));
        List<Map<String, String>> left =
                trial.rows(inCase(0), inCase(1), trial.records.deleted(MadeUpText.FIRST_CASE, 30));
        if (both != null && both.size() == 2 && both.contains(other) && left != null && !left.contains(other)) {
            findings.warning(
                    Finding.EVERY_ROW,
                    Trial.place(trial.delete),
                    "the deletion of one record also means the row of another whose ID differs in capitals only;"
                            + " compare the key with the path itself");
        }
    }

    private Message inCase(int which) {
        return trial.records.written(MadeUpText.FIRST_CASE + which, 10, 10 + 30 * which);
    }

    private Message[] messages(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> trial.records.written(number, 10, 10))
                .toArray(Message[]::new);
    }

    private boolean isTold() {
        return findings.isFound(Finding.ONE_ROW) || findings.isAllowed(Finding.ONE_ROW);
    }

    private void report(boolean isError, String text) {
        findings.report(isError, Finding.ONE_ROW, place(), text);
    }

    private String advice() {
        return "; write " + (trial.paths.isConsume() ? ":#id" : ":#record.id") + " into a column of the key";
    }

    private boolean hasItsOwn() throws SQLException {
        Map<String, String> other = trial.row(trial.records.written(2, 10, 30));
        boolean isSet = trial.upsert.conflict() == null || trial.upsert.isUpsert();
        return isSet && other != null && !trial.isSame(other, trial.firstRow);
    }

    private String key() {
        return trial.upsert.keyColumns().isEmpty()
                ? "its key"
                : "what is inserted into " + SqlNames.list(trial.upsert.keyColumns());
    }

    private int place() {
        if (trial.upsert.conflict() == null) {
            return trial.upsert.position(trial.upsert.at());
        }
        List<String> columns = trial.upsert.keyColumns();
        Range value = columns.isEmpty() ? null : trial.upsert.valueOf(columns.get(0));
        return trial.upsert.position(value == null ? trial.upsert.conflict().target() : value.from());
    }
}
