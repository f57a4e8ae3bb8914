package io.github.sequinroutes.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.schema.Column;

/**
 * The parts of a guard that say nothing of versions, such as {@code excluded.deleted} or {@code t.note is null}: each may be true
 * or false, whatever the versions are.
 */
final class FreeConditions {
    /** With more of them not every combination is tried. */
    private static final int MAX_COMBINED = 8;

    private static final Set<String> ORDER = Set.of("<", "<=", ">", ">=");
    private final Predicate<Expression> isVersion;
    private final List<String> texts = new ArrayList<>();

    /** Those in an expression; {@code isVersion} tells columns and paths that hold a part of a version. */
    FreeConditions(Expression root, Predicate<Expression> isVersion) {
        this.isVersion = isVersion;
        collect(root);
    }

    private void collect(Expression part) {
        if (part instanceof AndExpression || part instanceof OrExpression) {
            collect(((BinaryExpression) part).getLeftExpression());
            collect(((BinaryExpression) part).getRightExpression());
        } else if (part instanceof NotExpression not) {
            collect(not.getExpression());
        } else if (part instanceof ExpressionList<?> list && list.size() == 1) {
            collect(list.get(0));
        } else if (part instanceof CaseExpression choice && choice.getSwitchExpression() == null) {
            for (WhenClause clause : choice.getWhenClauses()) {
                collect(clause.getWhenExpression());
                collect(clause.getThenExpression());
            }
            if (choice.getElseExpression() != null) {
                collect(choice.getElseExpression());
            }
        } else if (part instanceof IsBooleanExpression is) {
            collect(is.getLeftExpression());
        } else if (isFree(part) && !texts.contains(part.toString())) {
            texts.add(part.toString());
        }
    }

    private boolean isFree(Expression part) {
        if (part.toString().toUpperCase(Locale.ROOT).contains("SELECT")) {
            return false;
        }
        Mentions mentions = Mentions.of(part);
        boolean ofVersion = mentions.columns().stream().anyMatch(isVersion)
                || mentions.parameters().stream().anyMatch(isVersion);
        boolean namesAny =
                !mentions.columns().isEmpty() || !mentions.parameters().isEmpty();
        boolean ofRow = mentions.columns().stream().anyMatch(column -> ParsedExpression.qualifier(column) == null);
        if (ofVersion || !namesAny) {
            return false;
        } else if (part instanceof Column || part instanceof JdbcNamedParameter) {
            return true;
        } else if (part instanceof BinaryExpression binary && !(part instanceof IsDistinctExpression)) {
            // an order of two columns, such as times, may be one of versions
            boolean isOrder = ORDER.contains(binary.getStringExpression())
                    && !Mentions.of(binary.getLeftExpression()).columns().isEmpty()
                    && !Mentions.of(binary.getRightExpression()).columns().isEmpty();
            boolean isKnown = Comparison.isOperator(binary.getStringExpression())
                    || binary.getStringExpression().contains("LIKE");
            return isKnown && !isOrder && !(ofRow && part.toString().contains("("));
        }
        return part instanceof IsNullExpression
                || part instanceof IsDistinctExpression
                || part instanceof InExpression
                || part instanceof Between;
    }

    /** Ways in which they can be true or false, by their texts, those with few that are true first. */
    List<Map<String, Truth>> combinations() {
        List<Set<String>> chosen = new ArrayList<>();
        chosen.add(Set.of());
        texts.forEach(text -> chosen.add(Set.of(text)));
        if (texts.size() <= MAX_COMBINED) {
            for (int bits = 1; bits < 1 << texts.size(); bits++) {
                Set<String> some = new HashSet<>();
                for (int i = 0; i < texts.size(); i++) {
                    if ((bits & 1 << i) != 0) {
                        some.add(texts.get(i));
                    }
                }
                chosen.add(some);
            }
        }
        chosen.add(Set.copyOf(texts));
        List<Map<String, Truth>> all = new ArrayList<>();
        for (Set<String> some : chosen) {
            Map<String, Truth> one = new HashMap<>();
            texts.forEach(text -> one.put(text, Truth.of(some.contains(text))));
            all.add(one);
        }
        return all;
    }

    /** The part of an {@code or} that is true by itself, or null. */
    static Expression alternative(Expression part, Evaluator evaluator) {
        if (part instanceof ExpressionList<?> list && list.size() == 1) {
            return alternative(list.get(0), evaluator);
        } else if (part instanceof OrExpression or) {
            for (Expression side : List.of(or.getLeftExpression(), or.getRightExpression())) {
                if (evaluator.truth(side).equals(Truth.TRUE)) {
                    Expression within = alternative(side, evaluator);
                    return within == null ? side : within;
                }
            }
        } else if (part instanceof AndExpression and) {
            Expression left = alternative(and.getLeftExpression(), evaluator);
            return left == null ? alternative(and.getRightExpression(), evaluator) : left;
        }
        return null;
    }
}
