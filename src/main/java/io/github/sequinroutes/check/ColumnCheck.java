package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.TargetTable.Column;
import java.util.List;

/** Checks the columns that a statement names, and those that it leaves out. */
record ColumnCheck(SqlStatement statement, TargetTable table, Findings findings) {
    /** Reports each column that is not there once, if PostgreSQL refuses the statement; returns whether there is one. */
    boolean unknown() {
        UnknownColumns unknown = new UnknownColumns(statement, table, findings);
        if (statement.columns() != null) {
            statement.columns().forEach(unknown::written);
        }
        statement.assignments().forEach(assignment -> unknown.written(assignment.column()));
        if (statement.conflict() != null && statement.conflict().columns() != null) {
            statement.conflict().columns().forEach(unknown::ofConflict);
        }
        for (int at = 0; at + 2 < statement.tokens().size(); at++) {
            String name = statement.name(at);
            boolean isRow = name != null
                    && (at == 0 || !statement.tokens().get(at - 1).is("."))
                    && (name.equals("excluded") || name.equals(statement.qualifier()))
                    && !(at >= statement.target().from()
                            && at < statement.target().to());
            if (isRow && statement.tokens().get(at + 1).is(".") && statement.name(at + 2) != null) {
                unknown.ofRow(at);
            }
        }
        return unknown.report();
    }

    /** Reports columns that PostgreSQL computes; returns whether there is one. */
    boolean generated() {
        boolean found = false;
        List<Integer> columns = statement.columns() == null ? List.of() : statement.columns();
        for (int i = 0; i < columns.size(); i++) {
            boolean isDefault = statement.values() != null
                    && i < statement.values().size()
                    && isDefault(statement.values().get(i));
            found |= generated(columns.get(i), isDefault, true);
        }
        for (Assignment assignment : statement.assignments()) {
            found |= generated(assignment.column(), isDefault(assignment.value()), false);
        }
        return found;
    }

    private boolean isDefault(Range value) {
        return value.to() == value.from() + 1
                && statement.tokens().get(value.from()).is("default");
    }

    private boolean generated(int token, boolean isDefault, boolean isInsert) {
        Column column = table.column(statement.name(token));
        if (column == null || isDefault) {
            return false;
        }
        if (column.isComputed()) {
            findings.error(
                    statement.position(token),
                    "column \"%s\" is computed from others (SQLSTATE %s); leave it out"
                            .formatted(column.name(), Refusal.GENERATED));
            return true;
        }
        if (column.isIdentity() && !(isInsert && statement.overriding())) {
            findings.error(
                    statement.position(token),
                    "column \"%s\" is generated always as identity (SQLSTATE %s); leave it out%s"
                            .formatted(
                                    column.name(),
                                    Refusal.GENERATED,
                                    isInsert ? ", or write overriding system value before values" : ""));
            return true;
        }
        return false;
    }

    /** Reports columns that must not be null and get no value. */
    void notNull() {
        if (statement.verb() != SqlStatement.Verb.INSERT || table.hasTriggers() || !table.isTable()) {
            return;
        }
        if (statement.columnList() >= 0 && statement.columns() == null) {
            return;
        }
        if (statement.columns() == null && statement.values() == null) {
            return;
        }
        List<String> missing = table.columns().stream()
                .filter(column -> column.isNotNull() && !column.hasDefault() && !column.isComputed())
                .map(Column::name)
                .filter(name -> !isWritten(name))
                .toList();
        if (!missing.isEmpty()) {
            int place = statement.columnList() >= 0
                    ? statement.columnList()
                    : statement.target().from();
            findings.error(
                    Finding.NOT_NULL,
                    statement.position(place),
                    (missing.size() == 1
                                            ? "column %s of %s must not be null and is not written"
                                            : "columns %s of %s must not be null and are not written")
                                    .formatted(String.join(", ", missing), table.name())
                            + " (SQLSTATE 23502); write "
                            + (missing.size() == 1 ? "it, or give it a default" : "them, or give them defaults"));
        }
    }

    /** Reports columns that each update sets to null, because it takes what is inserted, and nothing is. */
    void notInserted() {
        if (!statement.isUpsert() || statement.columns() == null || table.hasTriggers() || !table.isTable()) {
            return;
        }
        for (Assignment assignment : statement.assignments()) {
            Range value = assignment.value();
            boolean isProposed = value.to() == value.from() + 3
                    && "excluded".equals(statement.name(value.from()))
                    && statement.tokens().get(value.from() + 1).is(".");
            Column column = isProposed ? table.column(statement.name(value.from() + 2)) : null;
            if (column != null && !column.hasDefault() && !column.isComputed() && !isWritten(column.name())) {
                findings.error(
                        Finding.NOT_INSERTED,
                        statement.position(value.from()),
                        "excluded.%1$s is always null, because %1$s is not among the columns of the insert; add it there with its value"
                                .formatted(column.name()));
            }
        }
    }

    private boolean isWritten(String column) {
        return statement.columns() != null
                ? statement.placeOf(column) >= 0
                : table.columnNames().indexOf(column) < statement.values().size();
    }

    /** How many columns and values there are, if that is not the same number; or null. */
    String counts() {
        int columns = statement.columns() == null ? 0 : statement.columns().size();
        int values = statement.values() == null ? 0 : statement.values().size();
        return columns == 0 || values == 0 || columns == values
                ? null
                : "; there are %d columns and %d values".formatted(columns, values);
    }
}
