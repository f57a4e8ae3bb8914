package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.schema.Column;

/** Checks that what a delete template asks beside the key can hold for a deletion, and for a row that is alive. */
record DeletedConditionCheck(
        SqlStatement statement, TargetTable table, SqlStatement upsert, Paths paths, Findings findings) {

    /** Reports a condition that keeps every deletion from its row, or every one without data. */
    void run(RecordRows rows) {
        ParsedExpression condition = rows.condition();
        if (statement.verb() != Verb.DELETE || condition == null || !rows.areThoseOfRecord()) {
            return;
        }
        if (!truth(rows, condition, (path, column) -> isMark(path) ? paths.deletion(true) : null)
                .mayBeTrue()) {
            findings.error(
                    Finding.LOST_DELETES,
                    place(condition, this::isMark),
                    "no deletion meets this condition, so no row is deleted; leave it out");
        } else if (!truth(
                        rows, condition, (path, column) -> column == null || !isMarkOfRow(column) ? null : Truth.FALSE)
                .mayBeTrue()) {
            findings.error(
                    Finding.LOST_DELETES,
                    statement.position(statement.where().from()),
                    "this deletes only rows that are marked as deleted, and none is: deletions do not reach the upsert"
                            + " template; leave the mark out");
        } else if (!truth(rows, condition, (path, column) -> column == null ? null : unmarked(column))
                .mayBeTrue()) {
            findings.warning(
                    Finding.LOST_DELETES,
                    statement.position(statement.where().from()),
                    "this deletes only rows that are marked as deleted, and no template marks one; leave the mark out");
        } else if (paths.isConsume()
                && !truth(rows, condition, (path, column) -> path != null && paths.isData(path) ? Evaluator.NULL : null)
                        .mayBeTrue()) {
            findings.warning(
                    Finding.TOMBSTONE,
                    place(condition, paths::isData),
                    "a deletion can come without data, and then no row is deleted; leave this condition out");
        }
    }

    private boolean isMark(List<String> path) {
        return path != null && path.size() == 1 && paths.isDeleted(path);
    }

    /** Whether the upsert template alone sets a flag, so that it is false in every row that is there. */
    private boolean isMarkOfRow(String column) {
        Range value = upsert.valueOf(column);
        return value != null
                && table.isFlag(column)
                && upsert.isPlain()
                && Deletion.isDead(column)
                && (paths.tellDeletion(upsert.paths(value))
                        || upsert.text(value).equalsIgnoreCase("false"));
    }

    /** What a mark is in the row, if nobody but a user's own program sets it; null of any other column. */
    private Object unmarked(String column) {
        TargetTable.Column known = table.column(column);
        boolean isUnset = known != null
                && Deletion.isDead(column)
                && upsert.columns() != null
                && upsert.valueOf(column) == null
                && upsert.assignmentTo(column) == null
                && !table.hasTriggers();
        if (isUnset && known.isFlag()) {
            return Truth.FALSE;
        }
        return isUnset
                        && !known.isNotNull()
                        && known.ownValue() == null
                        && known.type().matches("timestamp.*|date")
                ? Evaluator.NULL
                : null;
    }

    /** What the condition can be for the row of the record; {@code known} gets the path or the name of a column. */
    private static Truth truth(
            RecordRows rows, ParsedExpression condition, BiFunction<List<String>, String, Object> known) {
        return new Evaluator(part -> {
                    Object given = null;
                    if (part instanceof JdbcNamedParameter parameter) {
                        given = known.apply(condition.path(parameter), null);
                    } else if (part instanceof Column column) {
                        given = known.apply(null, ParsedExpression.name(column));
                    }
                    return given == null ? rows.value(part) : given;
                })
                .truth(condition.root());
    }

    private int place(ParsedExpression condition, Predicate<List<String>> wanted) {
        for (Expression parameter : Mentions.of(condition.root()).parameters()) {
            if (wanted.test(condition.path((JdbcNamedParameter) parameter))) {
                return condition.position(parameter);
            }
        }
        return statement.position(statement.where().from());
    }
}
