package io.github.sequinroutes.check;

import java.util.Map;
import java.util.TreeMap;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.schema.Column;

/** The columns for which a condition gives one value, whatever row it is asked of, so that an index of them finds the rows. */
final class EqualColumns {
    private EqualColumns() {}

    /** The columns that are equal to what has no column in it, in every row for which the condition holds; with that. */
    static Map<String, Expression> of(Expression condition) {
        Map<String, Expression> found = new TreeMap<>();
        collect(condition, found);
        return found;
    }

    private static void collect(Expression part, Map<String, Expression> found) {
        if (part instanceof AndExpression and) {
            collect(and.getLeftExpression(), found);
            collect(and.getRightExpression(), found);
        } else if (part instanceof ExpressionList<?> list && list.size() == 1) {
            collect(list.get(0), found);
        } else if (part instanceof EqualsTo equal) {
            pair(equal.getLeftExpression(), equal.getRightExpression(), found);
        }
    }

    private static void pair(Expression left, Expression right, Map<String, Expression> found) {
        if (left instanceof ExpressionList<?> one
                && right instanceof ExpressionList<?> other
                && one.size() == other.size()) {
            for (int i = 0; i < one.size(); i++) {
                pair(one.get(i), other.get(i), found);
            }
        } else if (left instanceof Column column && isGiven(right)) {
            found.putIfAbsent(ParsedExpression.name(column), right);
        } else if (right instanceof Column column && isGiven(left)) {
            found.putIfAbsent(ParsedExpression.name(column), left);
        }
    }

    private static boolean isGiven(Expression value) {
        Mentions mentions = Mentions.of(value);
        return mentions.columns().isEmpty() && mentions.selects().isEmpty();
    }
}
