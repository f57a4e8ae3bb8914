package io.github.sequinroutes.check;

import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.InExpression;

/**
 * Puts conditions right that the parser has got wrong: it reads {@code a in (b) or c} as {@code a in ((b) or c)}. What stands in
 * brackets of its own it keeps as such, so the order of the operands tells all.
 */
final class Precedence {
    private final List<Expression> operands = new ArrayList<>();
    /** Whether {@code or} stands between an operand and the next; else {@code and}. */
    private final List<Boolean> isOr = new ArrayList<>();

    private Precedence() {}

    /** The same condition, as PostgreSQL reads it. */
    static Expression mended(Expression condition) {
        if (!swallows(condition)) {
            return condition;
        }
        Precedence parts = new Precedence();
        parts.read(condition);
        return parts.joined();
    }

    private static boolean swallows(Expression part) {
        if (part instanceof InExpression in) {
            return isJoint(in.getRightExpression());
        } else if (part instanceof NotExpression not) {
            return swallows(not.getExpression());
        } else if (part instanceof AndExpression and) {
            return swallows(and.getLeftExpression()) || swallows(and.getRightExpression());
        }
        return part instanceof OrExpression or
                && (swallows(or.getLeftExpression()) || swallows(or.getRightExpression()));
    }

    private static boolean isJoint(Expression part) {
        return part instanceof AndExpression || part instanceof OrExpression;
    }

    private void read(Expression part) {
        if (part instanceof AndExpression and) {
            read(and.getLeftExpression());
            isOr.add(false);
            read(and.getRightExpression());
        } else if (part instanceof OrExpression or) {
            read(or.getLeftExpression());
            isOr.add(true);
            read(or.getRightExpression());
        } else if (part instanceof NotExpression not && swallows(not.getExpression())) {
            int first = operands.size();
            read(not.getExpression());
            operands.set(first, new NotExpression(operands.get(first)));
        } else if (part instanceof InExpression in && isJoint(in.getRightExpression())) {
            int first = operands.size();
            read(in.getRightExpression());
            operands.set(first, new InExpression(in.getLeftExpression(), operands.get(first)).withNot(in.isNot()));
        } else {
            operands.add(part);
        }
    }

    private Expression joined() {
        Expression any = null;
        Expression all = operands.get(0);
        for (int i = 1; i < operands.size(); i++) {
            if (isOr.get(i - 1)) {
                any = any == null ? all : new OrExpression(any, all);
                all = operands.get(i);
            } else {
                all = new AndExpression(all, operands.get(i));
            }
        }
        return any == null ? all : new OrExpression(any, all);
    }
}
