package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Conflict;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.check.TargetTable.Index;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks what an insert does if the row is there. */
record ConflictCheck(SqlStatement statement, TargetTable table, Findings findings) {
    /** Reports an insert that has no answer to a row that is there, or gives up; {@code rows} says how many a record has. */
    void run(KeyCheck.Rows rows, boolean isDelete) {
        if (statement.verb() != Verb.INSERT || !table.isTable() || statement.isCompound()) {
            return;
        }
        Conflict conflict = statement.conflict();
        if (conflict == null) {
            findings.error(
                    Finding.NO_CONFLICT,
                    statement.position(statement.at()),
                    "an insert without on conflict: a record that is updated, or comes again, "
                            + (key() == null
                                    ? "makes one more row; give the table a unique key, and add on conflict (id) do update"
                                    : "is a duplicate (SQLSTATE 23505); add on conflict (" + key()
                                            + ") do update set …"));
            return;
        }
        checkDeferred(conflict);
        boolean isOfRecord = rows == KeyCheck.Rows.OF_RECORD || rows == KeyCheck.Rows.UNKNOWN;
        boolean isNothing = statement.is(conflict.action(), "nothing");
        // a row that says that another is deleted never changes
        if (!isDelete && isOfRecord && isNothing && writesMoreThanKey(conflict)) {
            findings.error(
                    Finding.DO_NOTHING,
                    statement.position(conflict.action()),
                    "on conflict do nothing: updates of a record are never written; write do update set …");
        }
    }

    /** PostgreSQL plans with a constraint that can be deferred, and refuses each row. */
    private void checkDeferred(Conflict conflict) {
        Set<String> wanted = conflict.isSimple() ? new HashSet<>(statement.keyColumns()) : Set.of();
        String constraint = conflict.constraint() < 0 ? null : statement.name(conflict.constraint());
        List<Index> fitting = table.indexes().stream()
                .filter(index -> index.isUnique() && index.predicate() == null)
                .filter(index -> constraint == null
                        ? wanted.equals(new HashSet<>(index.columns()))
                        : constraint.equals(index.name()))
                .toList();
        if (!fitting.isEmpty() && fitting.stream().allMatch(Index::isDeferred)) {
            findings.error(
                    statement.position(conflict.constraint() < 0 ? conflict.target() : conflict.constraint()),
                    ("the constraint %1$s can be deferred, so on conflict fails with it (SQLSTATE 55000); alter table"
                                    + " %2$s drop constraint %1$s, add unique (%3$s)")
                            .formatted(
                                    fitting.get(0).name(),
                                    table.name(),
                                    fitting.get(0).definition()));
        }
    }

    private String key() {
        return table.indexes().stream()
                .filter(Index::canBeTarget)
                .findFirst()
                .map(index -> String.join(", ", index.columns()))
                .orElse(null);
    }

    private boolean writesMoreThanKey(Conflict conflict) {
        Set<String> key = new HashSet<>(statement.keyColumns());
        if (conflict.columns() == null) {
            table.indexes().stream().filter(Index::isUnique).forEach(index -> index.columns().stream()
                    .filter(Objects::nonNull)
                    .forEach(key::add));
        }
        List<Integer> columns = statement.columns();
        return columns == null || columns.stream().anyMatch(token -> !key.contains(statement.name(token)));
    }

    /** Says why no index fits the columns that the clause names; returns whether it could. */
    boolean explain() {
        Conflict conflict = statement.conflict();
        List<String> columns = statement.keyColumns();
        if (conflict == null || !conflict.isSimple() || !table.columnNames().containsAll(columns)) {
            return false;
        }
        findings.error(
                statement.position(conflict.target()),
                "no unique index of %s fits on conflict (%s) (SQLSTATE %s); %s"
                        .formatted(table.name(), String.join(", ", columns), Refusal.NO_TARGET, why(columns)));
        return true;
    }

    private String why(List<String> columns) {
        Set<String> wanted = Set.copyOf(columns);
        String names = String.join(", ", columns);
        for (Index index : table.indexes()) {
            boolean isSame =
                    index.isUnique() && !index.columns().contains(null) && wanted.equals(Set.copyOf(index.columns()));
            if (isSame && index.predicate() != null) {
                return "%s is only for rows %s: write on conflict (%s) where %s, or create one for all rows"
                        .formatted(index.name(), index.predicate(), names, index.predicate());
            }
        }
        for (Index index : table.indexes()) {
            if (index.isUnique()
                    && index.columns().contains(null)
                    && columns.stream().anyMatch(column -> index.definition().contains(column))) {
                return "%s is on (%s): write that in on conflict, or create one on the column%s"
                        .formatted(index.name(), index.definition(), columns.size() == 1 ? "" : "s");
            }
        }
        String others = table.indexes().stream()
                .filter(Index::canBeTarget)
                .map(index -> "(" + String.join(", ", index.columns()) + ")")
                .distinct()
                .collect(Collectors.joining(", "));
        return "create one: create unique index on %s (%s)%s"
                .formatted(table.name(), names, others.isEmpty() ? "" : "; or use what is unique: " + others);
    }
}
