package io.github.sequinroutes.check;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** Compares values as PostgreSQL does, rows as well. */
final class Comparison {
    private static final Set<String> OPERATORS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");

    private Comparison() {}

    static boolean isOperator(String operator) {
        return OPERATORS.contains(operator);
    }

    /** What a comparison can be. */
    static Truth compare(String operator, Object left, Object right) {
        if (left instanceof List<?> one && right instanceof List<?> other && one.size() == other.size()) {
            return rows(operator, one, other);
        }
        if (left.equals(Evaluator.NULL) || right.equals(Evaluator.NULL)) {
            return Truth.NULL;
        }
        Integer order = order(left, right);
        return order == null ? Truth.ANY : Truth.of(holds(operator, order));
    }

    private static Integer order(Object left, Object right) {
        if (left instanceof BigDecimal a && right instanceof BigDecimal b) {
            return a.compareTo(b);
        } else if (left instanceof Truth a && right instanceof Truth b) {
            return a.isCertain() && b.isCertain() ? (Integer) Boolean.compare(a.mayBeTrue(), b.mayBeTrue()) : null;
        }
        return left instanceof String a && right instanceof String b ? (Integer) a.compareTo(b) : null;
    }

    private static boolean holds(String operator, int order) {
        return switch (operator) {
            case "=" -> order == 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> order != 0;
        };
    }

    /** The first two that differ decide. */
    private static Truth rows(String operator, List<?> left, List<?> right) {
        if (operator.equals("=") || operator.equals("<>") || operator.equals("!=")) {
            Truth equal = Truth.TRUE;
            for (int i = 0; i < left.size(); i++) {
                equal = equal.and(compare("=", left.get(i), right.get(i)));
            }
            return operator.equals("=") ? equal : equal.not();
        }
        for (int i = 0; i < left.size(); i++) {
            Truth same = compare("=", left.get(i), right.get(i));
            if (!same.equals(Truth.TRUE) || i == left.size() - 1) {
                boolean isCertain = same.equals(Truth.FALSE) || same.equals(Truth.NULL) || i == left.size() - 1;
                return isCertain ? compare(operator, left.get(i), right.get(i)) : Truth.ANY;
            }
        }
        return Truth.ANY;
    }

    /** What {@code is distinct from} can be. */
    static Truth isDistinct(Object left, Object right) {
        boolean isKnown = !left.equals(Evaluator.OPAQUE) && !right.equals(Evaluator.OPAQUE);
        if (isKnown && (left.equals(Evaluator.NULL) || right.equals(Evaluator.NULL))) {
            return Truth.of(!left.equals(right));
        }
        Integer order = order(left, right);
        return order == null ? Truth.KNOWN : Truth.of(order != 0);
    }
}
