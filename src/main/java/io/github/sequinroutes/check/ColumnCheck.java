package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.TargetTable.Column;
import io.github.sequinroutes.failure.Nearest;
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
                    && !statement.is(at - 1, ".")
                    && (name.equals("excluded") || name.equals(statement.qualifier()))
                    && !(at >= statement.target().from()
                            && at < statement.target().to());
            if (isRow && statement.is(at + 1, ".") && statement.name(at + 2) != null) {
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
        return value.to() == value.from() + 1 && statement.is(value.from(), "default");
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
            String what = "column \"%s\" is generated always as identity (SQLSTATE %s)"
                    .formatted(column.name(), Refusal.GENERATED);
            findings.error(
                    statement.position(token),
                    isInsert && isOfTextId(column)
                            ? what + ", a number, and :#id is a text; leave it out, and " + otherKey(column)
                            : what + "; leave it out"
                                    + (isInsert ? ", or write overriding system value before values" : ""));
            return true;
        }
        return false;
    }

    /** Whether a column gets the ID of a record of the Consume API: those of changes may be numbers. */
    private boolean isOfTextId(Column column) {
        return statement.pathsOf(column.name()).contains(List.of("id"));
    }

    /** Which column holds the ID of a record in place of a number: one that is unique and a text, or a new one. */
    private String otherKey(Column number) {
        return table.columns().stream()
                .filter(column -> String.valueOf(column.baseType()).matches("text|varchar") && isUnique(column.name()))
                .map(column -> SqlNames.quoted(column.name()))
                .findFirst()
                .map(name -> "write :#id into %1$s, which is unique, with on conflict (%1$s)".formatted(name))
                .orElse(
                        "give the table a column for the ID of the record: alter table %s add column %s text unique; then on conflict (%s)"
                                .formatted(table.name(), idColumn(number), idColumn(number)));
    }

    private boolean isUnique(String column) {
        return table.indexes().stream()
                .anyMatch(index -> index.canBeTarget() && index.columns().equals(List.of(column)));
    }

    private String idColumn(Column number) {
        String name = number.name().equals("record_id") ? "sequin_id" : "record_id";
        return table.column(name) == null ? name : "its_" + name;
    }

    /** Whether one of the columns that are written is likely this one, misspelt: then it is that which must be told. */
    private boolean isMisspelt(String column) {
        return statement.columns() != null
                && statement.columns().stream()
                        .map(statement::name)
                        .anyMatch(name -> table.column(name) == null
                                && Nearest.likely(name, table.columnNames())
                                        .filter(column::equals)
                                        .isPresent());
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
                .filter(name -> !isWritten(name) && !isMisspelt(name))
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
            String proposed = statement.excluded(assignment.value());
            Column column = proposed == null ? null : table.column(proposed);
            boolean isNull = column != null
                    && !column.hasDefault()
                    && !column.isComputed()
                    && !isWritten(column.name())
                    && !isMisspelt(column.name());
            if (isNull) {
                findings.error(
                        Finding.NOT_INSERTED,
                        statement.position(assignment.value().from()),
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
