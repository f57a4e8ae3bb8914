package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.schema.Column;

/** Which columns of a table hold the version of a record, by what a statement writes into them. */
final class Versions {
    private final SqlStatement statement;
    private final Paths paths;
    private final SourceColumns source;
    /** Whether {@code excluded} is the new row; else only paths are. */
    private final boolean isUpsert;

    /** For each part of the version, the columns that hold it. */
    private final List<Set<String>> columns = new ArrayList<>();

    Versions(SqlStatement statement, TargetTable table, Paths paths) {
        this.statement = statement;
        this.paths = paths;
        source = new SourceColumns(statement);
        isUpsert = statement.verb() == SqlStatement.Verb.INSERT;
        for (int part = 0; part < paths.version().size(); part++) {
            columns.add(columns(
                    table, paths.version().get(part), paths.versionNames().get(part)));
        }
    }

    private Set<String> columns(TargetTable table, List<String> path, String name) {
        Set<String> found = new TreeSet<>();
        if (statement.columns() == null) {
            List<WrittenValue> written = statement.verb() == SqlStatement.Verb.UPDATE
                    ? WrittenValue.assigned(statement, table)
                    : WrittenValue.inserted(statement, table);
            written.stream()
                    .filter(one -> isOf(one.value(), path))
                    .forEach(one -> found.add(one.column().name()));
            return found;
        }
        for (int token : statement.columns()) {
            String column = statement.name(token);
            Range value = statement.valueOf(column);
            boolean isFromElsewhere = !statement.isPlain() && column.equals(name);
            boolean isVersion = value == null
                    ? isFromElsewhere
                    : isOf(value, path) || (isFromElsewhere && !statement.isPath(value));
            if (isVersion && (value == null || !isMixedKey(column, value))) {
                found.add(column);
            }
        }
        return found;
    }

    /** Whether the column is one of a key, and holds more than a version. */
    private boolean isMixedKey(String column, Range value) {
        return statement.keyColumns().contains(column)
                && statement.paths(value).stream()
                        .anyMatch(path -> !paths.version().contains(path));
    }

    private boolean isOf(Range value, List<String> path) {
        return source.paths(value).contains(path);
    }

    /** Whether each part has a column. */
    boolean areWritten() {
        return columns.stream().noneMatch(Set::isEmpty);
    }

    /** Whether what is inserted into every column is known. */
    boolean areKnown() {
        return statement.isPlain() || statement.verb() == SqlStatement.Verb.UPDATE;
    }

    /** The columns of all parts. */
    List<String> all() {
        return columns.stream().flatMap(Set::stream).toList();
    }

    /** The columns of a part. */
    Set<String> of(int part) {
        return columns.get(part);
    }

    /** Which part a column holds, or -1. */
    int partOf(String column) {
        for (int part = 0; part < columns.size(); part++) {
            if (columns.get(part).contains(column)) {
                return part;
            }
        }
        return -1;
    }

    /** Evaluates an expression for the versions of the row that is there and of the new one; null stands for SQL NULL. */
    Evaluator evaluator(ParsedExpression parsed, Integer[] stored, Integer[] proposed) {
        return new Evaluator(part -> value(parsed, part, stored, proposed));
    }

    private Object value(ParsedExpression parsed, Expression part, Integer[] stored, Integer[] proposed) {
        Object version = version(parsed, part, stored, proposed);
        boolean isOther = part instanceof JdbcNamedParameter || part instanceof Column;
        return version == null && isOther ? Evaluator.OPAQUE : version;
    }

    /** The value of a part for these versions, null for any other part than one of a version. */
    Object version(ParsedExpression parsed, Expression part, Integer[] stored, Integer[] proposed) {
        if (isProposed(parsed, part)) {
            return known(part, partOf(parsed, part), proposed);
        }
        return isStored(part) ? known(part, partOf(parsed, part), stored) : null;
    }

    /** A column that holds all parts is as good as the row of them. */
    private Object known(Expression part, int number, Integer[] version) {
        boolean hasAll = columns.size() > 1
                && part instanceof Column column
                && columns.stream().allMatch(names -> names.contains(ParsedExpression.name(column)));
        if (!hasAll || version[0] == null) {
            return known(version[number]);
        }
        return Arrays.stream(version).map(Versions::known).toList();
    }

    /** Which part of a version an expression is, or -1. */
    int partOf(ParsedExpression parsed, Expression part) {
        if (part instanceof JdbcNamedParameter parameter) {
            return paths.version().indexOf(parsed.path(parameter));
        }
        if (!(part instanceof Column column)) {
            return -1;
        }
        Range value = source.valueOf(ParsedExpression.qualifier(column), ParsedExpression.name(column));
        if (value != null) {
            return paths.version().stream()
                    .filter(path -> statement.paths(value).contains(path))
                    .findFirst()
                    .map(paths.version()::indexOf)
                    .orElse(-1);
        }
        return partOf(ParsedExpression.name(column));
    }

    /** Whether an expression is a part of the version of the message. */
    boolean isProposed(ParsedExpression parsed, Expression part) {
        if (partOf(parsed, part) < 0) {
            return false;
        }
        return !(part instanceof Column column)
                || (isUpsert && "excluded".equals(ParsedExpression.qualifier(column)))
                || source.valueOf(ParsedExpression.qualifier(column), ParsedExpression.name(column)) != null;
    }

    /** Whether an expression is a part of the version of the row that is there. */
    boolean isStored(Expression part) {
        if (!(part instanceof Column column)) {
            return false;
        }
        boolean isVersion = partOf(ParsedExpression.name(column)) >= 0;
        String qualifier = ParsedExpression.qualifier(column);
        return isVersion
                && source.valueOf(qualifier, ParsedExpression.name(column)) == null
                && (qualifier == null ? !isUpsert : qualifier.equals(statement.qualifier()));
    }

    private static Object known(Integer value) {
        return value == null ? Evaluator.NULL : BigDecimal.valueOf(value);
    }
}
