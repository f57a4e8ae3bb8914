package io.github.sequinroutes.check;

import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.schema.Column;

/** What an expression names. */
final class Mentions extends ExpressionVisitorAdapter<Void> {
    private final List<Column> columns = new ArrayList<>();
    private final List<JdbcNamedParameter> parameters = new ArrayList<>();
    private final List<BinaryExpression> comparisons = new ArrayList<>();

    private Mentions() {}

    /** What is in an expression. */
    static Mentions of(Expression expression) {
        Mentions mentions = new Mentions();
        expression.accept(mentions, null);
        return mentions;
    }

    @Override
    public <S> Void visit(Column column, S context) {
        columns.add(column);
        return null;
    }

    @Override
    public <S> Void visit(JdbcNamedParameter parameter, S context) {
        parameters.add(parameter);
        return null;
    }

    @Override
    protected <S> Void visitBinaryExpression(BinaryExpression expression, S context) {
        if (Comparison.isOperator(expression.getStringExpression())) {
            comparisons.add(expression);
        }
        return super.visitBinaryExpression(expression, context);
    }

    /** Columns, in their order. */
    List<Column> columns() {
        return columns;
    }

    /** Paths, in their order. */
    List<JdbcNamedParameter> parameters() {
        return parameters;
    }

    /** Comparisons such as {@code a <= b}, in their order. */
    List<BinaryExpression> comparisons() {
        return comparisons;
    }
}
