package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import java.util.ArrayList;
import java.util.List;

/** What a statement writes into a column: that of an insert, or of an update. */
record WrittenValue(TargetTable.Column column, Range value) {
    /** What is inserted, then what is set; an insert without a list names the columns in their order. */
    static List<WrittenValue> of(SqlStatement statement, TargetTable table) {
        List<WrittenValue> all = new ArrayList<>(inserted(statement, table));
        all.addAll(assigned(statement, table));
        return all;
    }

    /** What is set. */
    static List<WrittenValue> assigned(SqlStatement statement, TargetTable table) {
        List<WrittenValue> all = new ArrayList<>();
        for (SqlStatement.Assignment assignment : statement.assignments()) {
            add(all, table.column(statement.name(assignment.column())), assignment.value());
        }
        return all;
    }

    /** What is inserted. */
    static List<WrittenValue> inserted(SqlStatement statement, TargetTable table) {
        List<WrittenValue> all = new ArrayList<>();
        List<Range> values = statement.values() == null ? List.of() : statement.values();
        List<TargetTable.Column> columns = statement.columns() == null
                ? table.columns()
                : statement.columns().stream()
                        .map(statement::name)
                        .map(table::column)
                        .toList();
        for (int i = 0; i < Math.min(columns.size(), values.size()); i++) {
            add(all, columns.get(i), values.get(i));
        }
        return all;
    }

    private static void add(List<WrittenValue> all, TargetTable.Column column, Range value) {
        if (column != null && value != null && value.to() > value.from()) {
            all.add(new WrittenValue(column, value));
        }
    }
}
