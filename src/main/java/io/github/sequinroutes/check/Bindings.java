package io.github.sequinroutes.check;

import io.github.sequinroutes.check.Scope.Relation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.sf.jsqlparser.expression.AnyComparisonExpression;
import net.sf.jsqlparser.expression.AnyType;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.Select;

/**
 * Tells whether conditions bind a relation: whether they can only hold for rows that the values of a message tell. A part such
 * as {@code id = :#id} holds for no other row, and if all such parts are false the conditions must not be true. What joins a
 * relation to one that is bound binds it as well.
 */
final class Bindings {
    /** Functions and operators of which two different values can have the same result. */
    private static final Set<String> LOSSY = Set.of("""
            left right substr substring split_part overlay date_trunc date_part extract abs round floor ceil ceiling
            trunc % / & | regexp_replace regexp_substr regexp_match soundex""".split("\\s+", -1));
    /** Of these, many have. */
    private static final Set<String> COARSE = Set.of("""
            length char_length character_length octet_length bit_length sign position strpos ascii mod hashtext
            hashtextextended starts_with regexp_like regexp_count regexp_instr greatest least""".split("\\s+", -1));

    private static final Set<String> HOLDING = Set.of("@>", "<@", "&&");

    private final Predicate<JdbcNamedParameter> isKey;
    private final Selects selects;
    private Comparisons compared = (relation, column, value) -> {};

    /** Gets what is compared with what a message tells. */
    interface Comparisons {
        void add(Relation relation, Column column, Expression value);
    }

    /** With what tells which paths say which record is meant. */
    Bindings(Predicate<JdbcNamedParameter> isKey, Selects.Tables tables) {
        this.isKey = isKey;
        selects = new Selects(this, tables);
    }

    /** Has columns that are compared with what a message tells passed on. */
    void onCompared(Comparisons consumer) {
        compared = consumer;
    }

    Selects selects() {
        return selects;
    }

    /** Binds what can be bound in a scope. */
    void solve(Scope scope) {
        boolean isNew;
        do {
            isNew = false;
            for (Relation relation : scope.relations()) {
                isNew |= relation.bindBySource() || (!relation.isBound() && binds(scope, relation) && relation.bind());
            }
        } while (isNew);
    }

    /** Whether the conditions of a scope hold for no row of a relation but those that the message tells. */
    boolean binds(Scope scope, Relation relation) {
        Truth all = Truth.TRUE;
        for (Expression condition : scope.conditions()) {
            all = all.and(new Evaluator(part -> value(scope, relation, part, false)).truth(condition));
        }
        return !all.mayBeTrue();
    }

    /** The value of a part of a condition for a row that is meant, or is not. */
    Object value(Scope scope, Relation relation, Expression part, boolean isMeant) {
        Truth truth = truth(scope, relation, part, isMeant);
        if (truth != null) {
            return truth;
        }
        boolean isUnknown = part instanceof Column || part instanceof JdbcNamedParameter || part instanceof Select;
        return (isUnknown || part instanceof ExistsExpression) ? Evaluator.OPAQUE : null;
    }

    /** What a part is if it compares the relation with what is known; else null. */
    private Truth truth(Scope scope, Relation relation, Expression part, boolean isMeant) {
        if (part instanceof ExistsExpression exists) {
            return selects.binds(exists.getRightExpression(), scope, relation)
                    ? Truth.of(isMeant != exists.isNot())
                    : null;
        } else if (part instanceof InExpression in) {
            return isIn(scope, relation, in) ? Truth.of(isMeant != in.isNot()) : null;
        } else if (part instanceof IsDistinctExpression distinct) {
            boolean isKnown = compares(scope, relation, distinct.getLeftExpression(), distinct.getRightExpression());
            return isKnown ? Truth.of(isMeant == distinct.isNot()) : null;
        } else if (part instanceof Between between) {
            boolean isOne = between.getBetweenExpressionStart()
                    .toString()
                    .equals(between.getBetweenExpressionEnd().toString());
            boolean isKnown =
                    isOne && compares(scope, relation, between.getLeftExpression(), between.getBetweenExpressionEnd());
            return isKnown ? Truth.of(isMeant != between.isNot()) : null;
        } else if (part instanceof AndExpression and && !isMeant) {
            return isClosed(scope, relation, and) ? Truth.FALSE : null;
        } else if (part instanceof BinaryExpression binary) {
            return ofOperator(scope, relation, binary, isMeant);
        }
        boolean isTest = part instanceof Function function && isTest(scope, relation, function);
        return isTest ? Truth.of(isMeant) : null;
    }

    /** Whether it says {@code a >= b and a <= b}, beside whatever else. */
    private boolean isClosed(Scope scope, Relation relation, AndExpression and) {
        List<BinaryExpression> bounds = new ArrayList<>();
        Deque<Expression> parts = new ArrayDeque<>(List.of(and));
        while (!parts.isEmpty()) {
            Expression part = parts.pop();
            if (part instanceof AndExpression inner) {
                parts.push(inner.getLeftExpression());
                parts.push(inner.getRightExpression());
            } else if (part instanceof ExpressionList<?> list && list.size() == 1) {
                parts.push(list.get(0));
            } else if (part instanceof BinaryExpression binary
                    && Set.of("<=", ">=").contains(binary.getStringExpression())) {
                bounds.add(binary);
            }
        }
        return bounds.stream()
                .anyMatch(one -> bounds.stream().anyMatch(other -> areClosed(one, other))
                        && compares(scope, relation, one.getLeftExpression(), one.getRightExpression()));
    }

    private static boolean areClosed(BinaryExpression one, BinaryExpression other) {
        String left = one.getLeftExpression().toString();
        String right = one.getRightExpression().toString();
        boolean isSameOrder = one.getStringExpression().equals(other.getStringExpression());
        String otherLeft = (isSameOrder ? other.getRightExpression() : other.getLeftExpression()).toString();
        String otherRight = (isSameOrder ? other.getLeftExpression() : other.getRightExpression()).toString();
        return left.equals(otherLeft) && right.equals(otherRight);
    }

    private Truth ofOperator(Scope scope, Relation relation, BinaryExpression binary, boolean isMeant) {
        String operator = binary.getStringExpression().trim();
        Expression left = binary.getLeftExpression();
        Expression right = binary.getRightExpression();
        boolean isAll = isAll(right);
        boolean isEqual = (operator.equals("=") && !isAll) || HOLDING.contains(operator);
        boolean isOther = (operator.equals("<>") || operator.equals("!=")) && (isAll || !isAny(right));
        boolean isKnown = (isEqual || isOther) && compares(scope, relation, left, right);
        return isKnown ? Truth.of(isMeant == isEqual) : null;
    }

    private static boolean isAll(Expression part) {
        return (part instanceof AnyComparisonExpression any && any.getAnyType() == AnyType.ALL)
                || (part instanceof Function function && "all".equalsIgnoreCase(function.getName()));
    }

    private static boolean isAny(Expression part) {
        return (part instanceof AnyComparisonExpression any && any.getAnyType() != AnyType.ALL)
                || (part instanceof Function function
                        && String.valueOf(function.getName()).matches("(?i)any|some"));
    }

    private boolean isIn(Scope scope, Relation relation, InExpression in) {
        Expression left = in.getLeftExpression();
        Expression right = in.getRightExpression();
        if (right instanceof Select select) {
            return selects.binds(right, scope, relation)
                    || (isOf(scope, relation, left) && selects.isBound(select, scope));
        }
        if (right instanceof ExpressionList<?> list) {
            return !list.isEmpty() && list.stream().allMatch(item -> compares(scope, relation, left, item));
        }
        return compares(scope, relation, left, right);
    }

    /** Whether one of two sides is of the relation, and the other known; of rows, one pair. */
    private boolean compares(Scope scope, Relation relation, Expression left, Expression right) {
        if (left instanceof ExpressionList<?> one
                && right instanceof ExpressionList<?> other
                && one.size() == other.size()) {
            boolean found = false;
            for (int i = 0; i < one.size(); i++) {
                found |= compares(scope, relation, one.get(i), other.get(i));
            }
            return found;
        }
        return isPair(scope, relation, left, right) || isPair(scope, relation, right, left);
    }

    private boolean isPair(Scope scope, Relation relation, Expression row, Expression known) {
        boolean isPair = isOf(scope, relation, row)
                && isBound(known, scope)
                && !(has(row, LOSSY) && has(known, LOSSY))
                && !has(row, COARSE);
        if (isPair) {
            Mentions.of(row).columns().forEach(column -> compared.add(relation, column, known));
        }
        return isPair;
    }

    private static boolean has(Expression part, Set<String> functions) {
        return Mentions.of(part).functions().stream().anyMatch(functions::contains);
    }

    /** Whether a part is made of a relation's columns, and of nothing that the message tells. */
    private boolean isOf(Scope scope, Relation relation, Expression part) {
        Mentions mentions = Mentions.of(part);
        return !mentions.columns().isEmpty()
                && mentions.parameters().stream().noneMatch(isKey)
                && mentions.selects().isEmpty()
                && mentions.columns().stream().anyMatch(column -> scope.of(column) == relation);
    }

    /** Whether the message tells the value of a part. */
    boolean isBound(Expression part, Scope scope) {
        Mentions mentions = Mentions.of(part);
        boolean hasUnknown =
                mentions.columns().stream().map(scope::of).anyMatch(relation -> relation == null || !relation.isBound())
                        || !mentions.selects().stream().allMatch(select -> selects.isBound(select, scope));
        boolean isOfMessage = mentions.parameters().stream().anyMatch(isKey)
                || !mentions.columns().isEmpty()
                || !mentions.selects().isEmpty();
        return isOfMessage && !hasUnknown;
    }

    /** Whether a function of the user's own compares a row with what is known. */
    private boolean isTest(Scope scope, Relation relation, Function function) {
        String name = String.valueOf(function.getName()).toLowerCase(Locale.ROOT);
        if (function.getParameters() == null
                || Set.of("coalesce", "nullif", "greatest", "least", "row").contains(name)
                || LOSSY.contains(name)
                || COARSE.contains(name)) {
            return false;
        }
        Set<Boolean> kinds = new TreeSet<>();
        List<? extends Expression> arguments = function.getParameters();
        for (Expression argument : arguments) {
            if (isOf(scope, relation, argument)) {
                kinds.add(true);
            } else if (isBound(argument, scope)) {
                kinds.add(false);
            }
        }
        return kinds.size() == 2;
    }
}
