package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.schema.Column;

/** Looks for guards in the values that an update sets: {@code x = case when excluded.v >= t.v then excluded.x else t.x end}. */
final class ColumnGuard {
    private static final Integer[] LOW = {9, 7};
    private static final Integer[] HIGH = {10, 5};

    private final SqlStatement statement;
    private final Versions versions;
    /** What an older version does not change, and what it does. */
    private final List<Assignment> guarded = new ArrayList<>();

    private final List<Assignment> unguarded = new ArrayList<>();

    private record Value(String name) {}

    ColumnGuard(SqlStatement statement, Versions versions) {
        this.statement = statement;
        this.versions = versions;
        for (Assignment assignment : statement.assignments()) {
            sort(assignment);
        }
    }

    private void sort(Assignment assignment) {
        Range value = assignment.value();
        boolean isOfMessage = statement.tokens().subList(value.from(), value.to()).stream()
                .anyMatch(token -> token.path() != null || "excluded".equals(token.name()));
        ParsedExpression parsed = ParsedExpression.of(statement, value);
        if (!isOfMessage) {
            return;
        }
        String column = statement.name(assignment.column());
        Object older = parsed == null ? Evaluator.OPAQUE : value(parsed, HIGH, LOW);
        Object newer = parsed == null ? Evaluator.OPAQUE : value(parsed, LOW, HIGH);
        int part = versions.partOf(column);
        boolean isKept = part >= 0
                ? older instanceof BigDecimal number && number.compareTo(BigDecimal.valueOf(HIGH[part])) == 0
                : older.equals(new Value(statement.qualifier() + "." + column)) || isExtreme(value);
        if (isKept && !older.equals(newer)) {
            guarded.add(assignment);
        } else if (!isKept) {
            unguarded.add(assignment);
        }
    }

    private Object value(ParsedExpression parsed, Integer[] stored, Integer[] proposed) {
        return new Evaluator(part -> {
                    Object version = versions.version(parsed, part, stored, proposed);
                    if (version == null && part instanceof Column column) {
                        return new Value(ParsedExpression.qualifier(column) + "." + ParsedExpression.name(column));
                    }
                    return version == null && part instanceof JdbcNamedParameter ? Evaluator.OPAQUE : version;
                })
                .value(parsed.root());
    }

    /** The later of two times, for one, is the same in whatever order they come. */
    private boolean isExtreme(Range value) {
        return statement.is(value.from(), "greatest") || statement.is(value.from(), "least");
    }

    /** Whether some values are guarded. */
    boolean isThere() {
        return !guarded.isEmpty();
    }

    /** The first that is not, or null. */
    Assignment missing() {
        return unguarded.isEmpty() ? null : unguarded.get(0);
    }
}
