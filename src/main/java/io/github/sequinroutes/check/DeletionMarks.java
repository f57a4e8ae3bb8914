package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.schema.Column;

/** Which columns and paths of a statement say that a record is deleted. */
final class DeletionMarks {
    private static final Pattern NAME = Pattern.compile("(is_?)?deleted(_?(at|on))?", Pattern.CASE_INSENSITIVE);
    /** What a column has that is not empty. */
    private static final Object PRESENT = new Object();

    private final TargetTable table;
    private final Paths paths;
    private final Set<String> columns = new HashSet<>();

    /** {@code delete} is the statement of the delete template, or null if deletions go through this one. */
    DeletionMarks(SqlStatement statement, SqlStatement delete, TargetTable table, Paths paths) {
        this.table = table;
        this.paths = paths;
        for (String column : table.columnNames()) {
            if (paths.tellDeletion(statement.pathsOf(column))
                    || NAME.matcher(column).matches()) {
                columns.add(column);
            }
        }
        for (Assignment assignment : delete == null ? List.<Assignment>of() : delete.assignments()) {
            Range value = assignment.value();
            if (value.to() > value.from() && delete.is(value.from(), "true")) {
                columns.add(delete.name(assignment.column()));
            }
        }
    }

    /** Whether an expression says that a record is deleted. */
    boolean isMark(Expression part) {
        return isMarkOfMessage(part) || isMarkOfRow(part);
    }

    /** Whether it says so of the message. */
    boolean isMarkOfMessage(Expression part) {
        return part instanceof JdbcNamedParameter parameter
                ? isDeletion(parameter)
                : part instanceof Column column
                        && "excluded".equals(ParsedExpression.qualifier(column))
                        && columns.contains(ParsedExpression.name(column));
    }

    private boolean isDeletion(JdbcNamedParameter parameter) {
        String root = parameter.getName().replaceFirst("^p", "");
        return paths.isDeleted(List.of(root));
    }

    /** Whether it says so of the row that is there. */
    boolean isMarkOfRow(Expression part) {
        return part instanceof Column column
                && !"excluded".equals(ParsedExpression.qualifier(column))
                && columns.contains(ParsedExpression.name(column));
    }

    /** The value of a mark of the row, or of the message. */
    Object value(Expression part, boolean isDeleted) {
        if (part instanceof JdbcNamedParameter) {
            return paths.deletion(isDeleted);
        }
        return table.isFlag(ParsedExpression.name((Column) part))
                ? Truth.of(isDeleted)
                : isDeleted ? PRESENT : Evaluator.NULL;
    }
}
