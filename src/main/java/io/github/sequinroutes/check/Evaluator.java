package io.github.sequinroutes.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;

/**
 * Evaluates an expression as PostgreSQL would, for some values of its columns and paths. What has no known value is
 * {@link #OPAQUE}, and a condition of such parts may be true, false or null: {@link Truth} says which. So nothing is said of a
 * condition that is not certain.
 */
final class Evaluator {
    /** A value that is not known. */
    static final Object OPAQUE = new Object();
    /** SQL NULL. */
    static final Object NULL = new Object();

    private static final Set<String> NUMBERS =
            Set.of("bigint", "int8", "int", "integer", "int4", "numeric", "decimal", "smallint", "int2");

    private final Known known;

    /** What gives the values of parts. */
    interface Known {
        /** The value of a part, a BigDecimal, a {@link Truth}, {@link #NULL} or {@link #OPAQUE}; null if its own parts tell. */
        Object value(Expression part);
    }

    Evaluator(Known known) {
        this.known = known;
    }

    /** What a condition can be. */
    Truth truth(Expression condition) {
        return truthOf(value(condition));
    }

    private static Truth truthOf(Object value) {
        return value instanceof Truth truth ? truth : value.equals(NULL) ? Truth.NULL : Truth.ANY;
    }

    /** The value of an expression: a BigDecimal, a String, a Truth, a list of them, {@link #NULL} or {@link #OPAQUE}. */
    Object value(Expression part) {
        Object given = known.value(part);
        if (given != null) {
            return given;
        } else if (part instanceof LongValue number) {
            return new BigDecimal(number.getStringValue());
        } else if (part instanceof DoubleValue number) {
            return new BigDecimal(number.toString());
        } else if (part instanceof StringValue text) {
            return text.getValue();
        } else if (part instanceof NullValue) {
            return NULL;
        } else if (part instanceof BooleanValue constant) {
            return Truth.of(constant.getValue());
        } else if (part instanceof ExpressionList<?> list) {
            return list.size() == 1 ? value(list.get(0)) : row(list);
        } else if (part instanceof SignedExpression signed) {
            Object value = value(signed.getExpression());
            return value instanceof BigDecimal number && signed.getSign() == '-' ? number.negate() : value;
        } else if (part instanceof CastExpression cast) {
            return cast(cast);
        } else if (part instanceof Function function) {
            return function(function);
        } else if (part instanceof CaseExpression choice) {
            return choice(choice);
        }
        return condition(part);
    }

    private Object condition(Expression part) {
        if (part instanceof AndExpression and) {
            return truth(and.getLeftExpression()).and(truth(and.getRightExpression()));
        } else if (part instanceof OrExpression or) {
            return truth(or.getLeftExpression()).or(truth(or.getRightExpression()));
        } else if (part instanceof NotExpression not) {
            return truth(not.getExpression()).not();
        } else if (part instanceof IsNullExpression isNull) {
            Object value = value(isNull.getLeftExpression());
            boolean negated = isNull.isNot() || isNull.isUseNotNull();
            Truth truth = value instanceof Truth condition
                    ? condition.isNull()
                    : value.equals(OPAQUE) || value instanceof List ? Truth.KNOWN : Truth.of(value.equals(NULL));
            return negated ? truth.not() : truth;
        } else if (part instanceof IsBooleanExpression is) {
            Truth truth = truth(is.getLeftExpression()).is(is.isTrue());
            return is.isNot() ? truth.not() : truth;
        } else if (part instanceof IsDistinctExpression distinct) {
            Truth truth =
                    Comparison.isDistinct(value(distinct.getLeftExpression()), value(distinct.getRightExpression()));
            return distinct.isNot() ? truth.not() : truth;
        } else if (part instanceof Between between) {
            Object value = value(between.getLeftExpression());
            Truth truth = Comparison.compare(">=", value, value(between.getBetweenExpressionStart()))
                    .and(Comparison.compare("<=", value, value(between.getBetweenExpressionEnd())));
            return between.isNot() ? truth.not() : truth;
        } else if (part instanceof BinaryExpression binary) {
            return binary(binary);
        }
        return OPAQUE;
    }

    private Object binary(BinaryExpression binary) {
        Object left = value(binary.getLeftExpression());
        Object right = value(binary.getRightExpression());
        if (binary instanceof Addition || binary instanceof Subtraction) {
            if (left instanceof BigDecimal a && right instanceof BigDecimal b) {
                return binary instanceof Addition ? a.add(b) : a.subtract(b);
            }
            return left.equals(NULL) || right.equals(NULL) ? NULL : OPAQUE;
        }
        return Comparison.isOperator(binary.getStringExpression())
                ? Comparison.compare(binary.getStringExpression(), left, right)
                : OPAQUE;
    }

    private Object row(List<? extends Expression> parts) {
        List<Object> row = new ArrayList<>();
        parts.forEach(part -> row.add(value(part)));
        return row;
    }

    private Object cast(CastExpression cast) {
        Object value = value(cast.getLeftExpression());
        String type = String.valueOf(cast.getColDataType().getDataType()).toLowerCase(Locale.ROOT);
        if (value instanceof BigDecimal && !NUMBERS.contains(type)) {
            boolean isText = type.equals("text") || type.startsWith("varchar") || type.startsWith("character");
            return isText ? value.toString() : OPAQUE;
        }
        return value instanceof String ? OPAQUE : value;
    }

    private Object function(Function function) {
        List<Object> arguments = new ArrayList<>();
        if (function.getParameters() != null) {
            function.getParameters().forEach(part -> arguments.add(value(part)));
        }
        String name = String.valueOf(function.getName()).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "row" -> arguments;
            case "coalesce" -> coalesce(arguments);
            case "greatest", "least" -> extreme(arguments, name.equals("greatest"));
            case "nullif" -> nullIf(arguments);
            default -> OPAQUE;
        };
    }

    private static Object coalesce(List<Object> arguments) {
        for (Object argument : arguments) {
            boolean mayBeNull = argument.equals(OPAQUE) || (argument instanceof Truth truth && truth.mayBeNull());
            if (mayBeNull && !argument.equals(Truth.NULL)) {
                return OPAQUE;
            } else if (!argument.equals(NULL) && !argument.equals(Truth.NULL)) {
                return argument;
            }
        }
        return NULL;
    }

    private static Object extreme(List<Object> arguments, boolean greatest) {
        BigDecimal found = null;
        for (Object argument : arguments) {
            if (argument instanceof BigDecimal number) {
                found = found == null || (number.compareTo(found) > 0) == greatest ? number : found;
            } else if (!argument.equals(NULL)) {
                return OPAQUE;
            }
        }
        return found == null ? NULL : found;
    }

    private static Object nullIf(List<Object> arguments) {
        if (arguments.size() != 2) {
            return OPAQUE;
        }
        Truth same = Comparison.compare("=", arguments.get(0), arguments.get(1));
        return same.equals(Truth.TRUE) ? NULL : same.mayBeTrue() ? OPAQUE : arguments.get(0);
    }

    private Object choice(CaseExpression choice) {
        for (WhenClause clause : choice.getWhenClauses()) {
            Truth truth = choice.getSwitchExpression() == null
                    ? truth(clause.getWhenExpression())
                    : Comparison.compare("=", value(choice.getSwitchExpression()), value(clause.getWhenExpression()));
            if (truth.equals(Truth.TRUE)) {
                return value(clause.getThenExpression());
            } else if (truth.mayBeTrue()) {
                return OPAQUE;
            }
        }
        return choice.getElseExpression() == null ? NULL : value(choice.getElseExpression());
    }
}
