package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Checks what becomes of deletions in an upsert template, where no delete template gets them. */
record DeletionCheck(SqlStatement statement, TargetTable table, Paths paths, Findings findings) {
    /** A field of the data that a template may take for what says that the record is deleted. */
    private static final Pattern OWN_MARK = Pattern.compile("(is_?)?deleted", Pattern.CASE_INSENSITIVE);

    /** Reports deletions that look alive, wipe the row, or are rejected. */
    void run() {
        if (statement.verb() != SqlStatement.Verb.INSERT) {
            return;
        }
        boolean marks =
                statement.tokens().stream().anyMatch(token -> token.path() != null && paths.isDeleted(token.path()));
        if (!marks) {
            findings.warning(
                    Finding.UNUSED_DELETES,
                    statement.position(statement.at()),
                    "there is no delete template, and " + paths.deleted()
                            + " is not used: a deletion is written as if the"
                            + " record were alive; " + remedy());
            return;
        }
        new MarkCheck(statement, table, paths, findings).run();
        if (paths.isConsume()) {
            wiped();
            rejected();
        }
    }

    private String remedy() {
        return statement.tokens().stream()
                .filter(token ->
                        token.path() != null && OWN_MARK.matcher(last(token)).matches())
                .findFirst()
                .map(token -> "write " + paths.deleted() + " instead of " + token.text())
                .orElse("add a delete template, or a column deleted");
    }

    private static String last(TemplateToken path) {
        return path.path().get(path.path().size() - 1);
    }

    private void wiped() {
        List<String> wiped = wipedColumns();
        if (!wiped.isEmpty()) {
            findings.warning(
                    Finding.TOMBSTONE,
                    statement.position(statement.assignmentTo(wiped.get(0)).column()),
                    "a deletion without data sets %s to null; %s"
                            .formatted(SqlNames.list(wiped), keeping(wiped.get(0))));
        }
    }

    /** The columns for each of which a deletion without data has null, as far as the statement says it plainly. */
    List<String> wipedColumns() {
        return !statement.isUpsert() || mentionsDeleted(statement.where()) || mentionsDeleted(chosen())
                ? List.of()
                : statement.assignments().stream()
                        .filter(this::isWiped)
                        .map(assignment -> statement.name(assignment.column()))
                        .toList();
    }

    /** What to write for a column that a deletion is to leave alone. */
    String keeping(String column) {
        String name = SqlNames.quoted(column);
        return statement.isUpsert()
                ? "write %1$s = case when %2$s then %3$s.%1$s else excluded.%1$s end"
                        .formatted(name, paths.deleted(), SqlNames.quoted(statement.qualifier()))
                : "keep what the row has in " + name + " where " + paths.deleted();
    }

    /** The condition of a select whose rows are inserted, if there is one. */
    private Range chosen() {
        int from = statement.at();
        while (!statement.isPlain() && from < statement.conflict().at() && !statement.is(from, "where")) {
            from++;
        }
        return new Range(from, statement.isPlain() ? from : statement.conflict().at());
    }

    private boolean mentionsDeleted(Range range) {
        if (range == null) {
            return false;
        }
        for (int at = range.from(); at < range.to(); at++) {
            TemplateToken token = statement.tokens().get(at);
            boolean isColumn = token.name() != null && paths.tellDeletion(statement.pathsOf(token.name()));
            if (isColumn || (token.path() != null && paths.isDeleted(token.path()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is {@code column = excluded.column}, and that holds nothing but data. */
    private boolean isWiped(Assignment assignment) {
        Range value = assignment.value();
        if (statement.isPath(value)) {
            return isNothingButData(value);
        }
        String column = statement.excluded(value);
        return column != null && isNothingButData(statement.valueOf(column));
    }

    private boolean isNothingButData(Range value) {
        if (value == null || statement.paths(value).isEmpty()) {
            return false;
        }
        boolean hasOther = statement.tokens().subList(value.from(), value.to()).stream()
                .anyMatch(token -> token.is("coalesce") || token.is("case"));
        return !hasOther && statement.paths(value).stream().allMatch(paths::isData);
    }

    /** A column that must not be null, and would be. */
    private void rejected() {
        List<Integer> columns = statement.columns() == null ? List.of() : statement.columns();
        List<Integer> refusing = new ArrayList<>();
        for (int token : statement.isPlain() ? columns : List.<Integer>of()) {
            TargetTable.Column column = table.column(statement.name(token));
            Range value = statement.valueOf(statement.name(token));
            boolean isGiven = column != null && !column.isComputed() && !column.isIdentity();
            if (isGiven && column.isNotNull() && value != null && isNothingButData(value)) {
                refusing.add(token);
            }
        }
        if (!refusing.isEmpty() && !table.hasTriggers()) {
            findings.warning(
                    Finding.TOMBSTONE,
                    statement.position(refusing.get(0)),
                    "a deletion without data is rejected, because %s must not be null (SQLSTATE 23502); %s"
                            .formatted(
                                    String.join(
                                            ", ",
                                            refusing.stream()
                                                    .map(statement::name)
                                                    .toList()),
                                    refusing.stream().anyMatch(this::isKey)
                                            ? "a key is made of what every deletion has: write :#id"
                                            : "mark deleted rows with a delete template that is an update"));
        }
    }

    private boolean isKey(int token) {
        return statement.keyColumns().contains(statement.name(token));
    }
}
