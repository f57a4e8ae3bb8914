package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Conflict;
import io.github.sequinroutes.check.TargetTable.Index;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Columns whose values tell whether the row of an insert is there already.
 *
 * @param columns  those that {@code on conflict} compares
 * @param place    the token where they are named, or that stands for them
 * @param indexes  the unique indexes that it may mean
 * @param isExact  whether the columns are compared as they are, and in every row
 */
record ConflictKey(List<String> columns, int place, List<Index> indexes, boolean isExact) {
    /** The keys of which one must be met: what the clause names, or else every unique index. Empty if they are not known. */
    static List<ConflictKey> of(SqlStatement statement, TargetTable table) {
        Conflict conflict = statement.conflict();
        if (conflict == null) {
            return List.of();
        } else if (conflict.columns() != null) {
            return List.of(named(statement, table, conflict));
        } else if (conflict.constraint() >= 0) {
            String name = statement.name(conflict.constraint());
            return table.indexes().stream()
                    .filter(index ->
                            index.name().equals(name) && !index.columns().contains(null))
                    .map(index -> new ConflictKey(index.columns(), conflict.constraint(), List.of(index), true))
                    .toList();
        } else if (conflict.target() != conflict.at() + 2) {
            List<String> columns = columnsInBrackets(statement, table, conflict.target());
            return columns.isEmpty()
                    ? List.of()
                    : List.of(new ConflictKey(columns, conflict.target(), List.of(), false));
        }
        return table.indexes().stream()
                .filter(index -> index.isUnique() && !index.columns().contains(null))
                .map(index ->
                        new ConflictKey(index.columns(), conflict.action(), List.of(index), index.predicate() == null))
                .toList();
    }

    private static ConflictKey named(SqlStatement statement, TargetTable table, Conflict conflict) {
        List<String> columns = statement.keyColumns();
        Set<String> wanted = new HashSet<>(columns);
        List<Index> fitting = table.indexes().stream()
                .filter(index -> index.isUnique() && wanted.equals(new HashSet<>(index.columns())))
                .toList();
        return new ConflictKey(columns, conflict.target(), fitting, conflict.isSimple());
    }

    /** The columns in the expressions of a clause. */
    private static List<String> columnsInBrackets(SqlStatement statement, TargetTable table, int from) {
        List<String> columns = new ArrayList<>();
        int depth = 1;
        for (int at = from; at < statement.tokens().size() && depth > 0; at++) {
            depth += statement.is(at, "(") ? 1 : statement.is(at, ")") ? -1 : 0;
            if (statement.name(at) != null && table.column(statement.name(at)) != null) {
                columns.add(statement.name(at));
            }
        }
        return columns;
    }

    /** Whether null in one of the columns is another row each time. */
    boolean isNullNew() {
        return !indexes.isEmpty() && indexes.stream().noneMatch(Index::takesNullOnce);
    }
}
