package io.github.sequinroutes.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of {@code insert into target as alias (columns) values (…) on conflict (columns) do …}. Names are as PostgreSQL
 * knows them, without quotes.
 *
 * @param tokens          the template's
 * @param target          the table's name, perhaps after that of its schema
 * @param alias           the table's alias, or null
 * @param columns         those that are written, or null if the template does not name them
 * @param overriding      the tokens of {@code overriding … value}
 * @param values          the tokens of the expression for each column
 * @param conflictColumns those that tell which row is meant, or null if the template does not name them
 * @param constraint      the constraint that tells which row is meant, or null
 * @param assignments     the tokens of each expression behind a column and {@code =}, by where they begin
 * @param tail            the tokens from {@code on conflict} to the end
 */
record TemplateShape(
        List<TemplateToken> tokens,
        List<String> target,
        String alias,
        List<String> columns,
        Range overriding,
        List<Range> values,
        List<String> conflictColumns,
        String constraint,
        Map<Integer, Assignment> assignments,
        Range tail) {
    /** Tokens from one to before another. */
    record Range(int from, int to) {}

    /** What is assigned to a column. */
    record Assignment(String column, Range expression) {}

    /** The same with the columns that only the database knows. */
    TemplateShape with(List<String> itsColumns, List<String> itsConflictColumns) {
        return new TemplateShape(
                tokens,
                target,
                alias,
                itsColumns,
                overriding,
                values,
                itsConflictColumns,
                constraint,
                assignments,
                tail);
    }

    /** Whether columns are still to be looked up in the database. */
    boolean needsLookUp() {
        return columns == null || (conflictColumns == null && constraint != null);
    }

    /** The name by which an {@code on conflict do update} knows the row that is there. */
    String qualifier() {
        return alias == null ? target.get(target.size() - 1) : alias;
    }

    /** The expression for each column, as far as columns are known. */
    Map<String, Range> valuesByColumn() {
        Map<String, Range> byColumn = new HashMap<>();
        for (int i = 0; columns != null && i < Math.min(columns.size(), values.size()); i++) {
            byColumn.put(columns.get(i), values.get(i));
        }
        return byColumn;
    }

    /** Whether it changes no row that is there. */
    boolean onlyInserts() {
        return tail.from == tail.to
                || (assignments.isEmpty() && tokens.get(tail.to - 1).is("nothing"));
    }

    /** The paths in a range. */
    List<List<String>> paths(Range range) {
        return tokens.subList(range.from, range.to).stream()
                .filter(token -> token.path() != null)
                .map(TemplateToken::path)
                .toList();
    }

    /** The path that is all of a range, or null. */
    List<String> path(Range range) {
        return range.to == range.from + 1 ? tokens.get(range.from).path() : null;
    }

    /** Whether a row's name, a dot and a column's name begin there. */
    boolean isColumn(int at) {
        return at + 2 < tokens.size()
                && tokens.get(at).name() != null
                && tokens.get(at + 1).is(".")
                && tokens.get(at + 2).name() != null;
    }

    /** The places of those paths, among all, that tell which row is meant; none if that is not known. */
    List<Integer> keyParameters() {
        List<Integer> parameters = new ArrayList<>();
        Map<String, Range> byColumn = valuesByColumn();
        for (String column : conflictColumns == null ? List.<String>of() : conflictColumns) {
            Range value = byColumn.getOrDefault(column, new Range(0, 0));
            int parameter = paths(new Range(0, value.from)).size();
            for (int i = 0; i < paths(value).size(); i++) {
                parameters.add(parameter + i);
            }
        }
        return parameters;
    }
}
