package io.github.sequinroutes.check;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.schema.Column;

/**
 * Judges a guard by evaluating it for versions that are newer and older than that of the row, whether or not the row or the
 * message is deleted, and whatever else is in them.
 */
record GuardJudge(
        ParsedExpression guard,
        TargetTable table,
        Versions versions,
        DeletionMarks marks,
        boolean isConsume,
        boolean getsDeletions) {
    /** Versions, the first of a pair and the second: compared as text, 9 would come after 10. */
    private static final Integer[] LOW = {9, 7};

    private static final Integer[] HIGH = {10, 5};
    private static final Integer[] SAME_BEFORE = {10, 4};
    private static final Integer[] BOTH_HIGHER = {10, 8};
    private static final Integer[] NEXT = {11, 5};
    private static final Integer[] NONE = {null, null};

    /** What is wrong, and the part of the guard that is, or null if it is the comparison of versions. */
    record Verdict(String text, Expression part) {}

    /** A message and a row, as far as they are known: null stands for either. */
    private record Case(Boolean isRowDeleted, Boolean isMessageDeleted, Map<String, Truth> others) {}

    private Truth lets(Integer[] stored, Integer[] proposed) {
        return lets(stored, proposed, new Case(null, null, Map.of()));
    }

    private Truth lets(Integer[] stored, Integer[] proposed, Case one) {
        return evaluator(stored, proposed, one).truth(guard.root());
    }

    private Evaluator evaluator(Integer[] stored, Integer[] proposed, Case one) {
        return new Evaluator(part -> {
            Object version = versions.version(guard, part, stored, proposed);
            if (version != null) {
                return version;
            } else if (one.isRowDeleted != null && marks.isMarkOfRow(part)) {
                return marks.value(part, one.isRowDeleted);
            } else if (one.isMessageDeleted != null && marks.isMarkOfMessage(part)) {
                return marks.value(part, one.isMessageDeleted);
            } else if (part instanceof IsNullExpression isNull && isNeverNull(isNull.getLeftExpression())) {
                return Truth.of(isNull.isNot() || isNull.isUseNotNull());
            }
            Truth free = one.others.get(part.toString());
            boolean isOther = part instanceof Column || part instanceof JdbcNamedParameter;
            return free == null && isOther ? Evaluator.OPAQUE : free;
        });
    }

    private boolean isNeverNull(Expression part) {
        return part instanceof Column column
                && !versions.isStored(part)
                && !"excluded".equals(ParsedExpression.qualifier(column))
                && table.column(ParsedExpression.name(column)) != null
                && table.column(ParsedExpression.name(column)).isNotNull();
    }

    /** Whether a newer message may overwrite a row that has no version. */
    boolean letsWithoutVersion() {
        return lets(NONE, HIGH).mayBeTrue();
    }

    /** A comparison such as {@code t.meta->>'v' <= excluded.meta->>'v'}, or null. */
    BinaryExpression ofTexts() {
        return Mentions.of(guard.root()).comparisons().stream()
                .filter(comparison -> comparison.getStringExpression().matches("[<>]=?")
                        && isText(comparison.getLeftExpression())
                        && isText(comparison.getRightExpression()))
                .findFirst()
                .orElse(null);
    }

    private boolean isText(Expression side) {
        return side.toString().matches("\\(*[\\w.\"]+ *->> *'[^']*'\\)*")
                && Mentions.of(side).columns().stream().anyMatch(this::isVersion);
    }

    /** What is wrong with the guard, or null. */
    Verdict wrong() {
        String text = always();
        if (text != null) {
            return new Verdict(text, null);
        }
        Verdict verdict = wrongPair();
        verdict = verdict == null ? weakness() : verdict;
        return verdict == null ? deletions() : verdict;
    }

    /** What is wrong, whatever else is in the row and in the message. */
    private String always() {
        Truth newer = lets(LOW, HIGH);
        Truth older = lets(HIGH, LOW);
        if (!newer.mayBeTrue()
                && lets(LOW, BOTH_HIGHER).mayBeTrue()
                && !lets(BOTH_HIGHER, LOW).mayBeTrue()) {
            return "the guard must compare commit_lsn and commit_idx together, as one row";
        } else if (!newer.mayBeTrue()
                && lets(HIGH, NEXT).mayBeTrue()
                && !lets(NEXT, HIGH).mayBeTrue()) {
            return "the guard compares versions as texts, where 10 comes before 9";
        } else if (!newer.mayBeTrue()) {
            return older.mayBeTrue()
                    ? "the guard is reversed: it lets only older versions overwrite the row"
                    : "the guard never lets a newer version overwrite the row";
        } else if (older.equals(Truth.TRUE)) {
            return "the guard lets older versions overwrite a newer row";
        } else if (!isConsume && lets(HIGH, SAME_BEFORE).equals(Truth.TRUE)) {
            return "the guard must compare commit_lsn and commit_idx together, as one row";
        } else if (!isConsume && lets(HIGH, NONE).equals(Truth.TRUE)) {
            return "the guard lets rows that a backfill has read, which have no version, overwrite newer ones";
        }
        return null;
    }

    /** A comparison of the version with something else. */
    private Verdict wrongPair() {
        for (BinaryExpression comparison : Mentions.of(guard.root()).comparisons()) {
            Expression left = comparison.getLeftExpression();
            Expression right = comparison.getRightExpression();
            List<? extends Expression> lefts = left instanceof ExpressionList<?> list ? list : List.of(left);
            List<? extends Expression> rights = right instanceof ExpressionList<?> list ? list : List.of(right);
            boolean isOrder = comparison.getStringExpression().matches("[<>]=?") && lefts.size() == rights.size();
            for (int i = 0; isOrder && i < lefts.size(); i++) {
                if (isWrongPair(lefts.get(i), rights.get(i)) || isWrongPair(rights.get(i), lefts.get(i))) {
                    return new Verdict(
                            "the guard compares %s with %s, which is not the same part of the version"
                                    .formatted(guard.text(lefts.get(i)), guard.text(rights.get(i))),
                            comparison);
                }
            }
        }
        return null;
    }

    private boolean isWrongPair(Expression one, Expression other) {
        boolean isPlain = one instanceof Column || one instanceof JdbcNamedParameter;
        boolean isOtherPlain = other instanceof Column || other instanceof JdbcNamedParameter;
        return isPlain
                && isOtherPlain
                && versions.partOf(guard, one) >= 0
                && versions.partOf(guard, other) != versions.partOf(guard, one)
                && versions.areKnown();
    }

    private boolean isVersion(Expression part) {
        return versions.partOf(guard, part) >= 0;
    }

    /** A condition beside the comparison with which an older version gets in. */
    private Verdict weakness() {
        Predicate<Expression> decided = part -> isVersion(part) || (!getsDeletions && marks.isMarkOfMessage(part));
        List<Integer[]> older = isConsume ? List.<Integer[]>of(LOW) : List.of(LOW, SAME_BEFORE, NONE);
        for (Map<String, Truth> others : new FreeConditions(guard.root(), decided).combinations()) {
            Case one = new Case(null, getsDeletions ? null : false, others);
            for (Integer[] proposed : older) {
                if (lets(HIGH, proposed, one).equals(Truth.TRUE)) {
                    Expression part = FreeConditions.alternative(guard.root(), evaluator(HIGH, proposed, one));
                    return new Verdict(
                            part == null
                                    ? "with some rows the guard lets older versions overwrite a newer row"
                                    : "the guard lets older versions overwrite a newer row, if " + guard.text(part),
                            part);
                }
            }
        }
        return null;
    }

    /** What becomes of rows that are marked as deleted. */
    private Verdict deletions() {
        Mentions mentions = Mentions.of(guard.root());
        Expression mark = mentions.columns().stream()
                .filter(marks::isMark)
                .findFirst()
                .map(Expression.class::cast)
                .orElse(mentions.parameters().stream()
                        .filter(marks::isMark)
                        .findFirst()
                        .orElse(null));
        if (mark == null || !mayLet(false, false)) {
            return null;
        }
        return mayLet(true, false)
                ? null
                : new Verdict(
                        "once a row is marked as deleted, the guard lets no newer version overwrite it, so a record that comes"
                                + " back stays deleted",
                        mark);
    }

    private boolean mayLet(boolean isRowDeleted, boolean isMessageDeleted) {
        Predicate<Expression> decided = part -> isVersion(part) || marks.isMark(part);
        return new FreeConditions(guard.root(), decided).combinations().stream().anyMatch(others -> lets(
                        LOW, HIGH, new Case(isRowDeleted, isMessageDeleted, others))
                .mayBeTrue());
    }
}
