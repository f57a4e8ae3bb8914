package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.schema.Column;

/** What the expressions of a template are for a deletion that is newer than the row, and for another message. */
record Deletion(SqlStatement statement, Paths paths) {
    private static final BigDecimal OLD = BigDecimal.valueOf(9);
    private static final BigDecimal NEW = BigDecimal.valueOf(10);
    private static final Set<String> DEAD =
            Set.of("deleted removed gone dead destroyed erased archived tombstone trashed discarded".split(" ", -1));
    private static final Set<String> ALIVE =
            Set.of("alive live active enabled present visible exists current valid".split(" ", -1));

    /** The value that a column has in the row that is there. */
    record Stored(String column) {}

    /** The value that the message has for a column. */
    record Proposed(String column) {}

    /** Whether a column's name says that the row is deleted. */
    static boolean isDead(String column) {
        return words(column).stream().anyMatch(DEAD::contains) && !words(column).contains("not");
    }

    /** Whether a column's name says that the row is not deleted. */
    static boolean isAlive(String column) {
        return words(column).stream().anyMatch(ALIVE::contains)
                && words(column).stream().noneMatch(word -> word.equals("not") || DEAD.contains(word));
    }

    private static List<String> words(String column) {
        return Arrays.asList(Paths.snake(column).split("[^a-z]+", -1));
    }

    /** The value of a part, as {@link Evaluator} has it; {@link Evaluator#OPAQUE} if the parser does not know it. */
    Object value(Range part, boolean isDeletion) {
        ParsedExpression parsed = ParsedExpression.of(statement, part);
        return parsed == null ? Evaluator.OPAQUE : evaluator(parsed, isDeletion).value(parsed.root());
    }

    /** The value of what is inserted, which knows nothing of the row that is there. */
    Object inserted(Range part, boolean isDeletion) {
        ParsedExpression parsed = ParsedExpression.of(statement, part);
        return parsed == null
                ? Evaluator.OPAQUE
                : new Evaluator(of -> of instanceof Column ? Evaluator.OPAQUE : known(parsed, of, isDeletion))
                        .value(parsed.root());
    }

    /** Whether a value is true for deletions, and for no other message. */
    boolean isMark(Range inserted) {
        return inserted(inserted, true).equals(Truth.TRUE)
                && inserted(inserted, false).equals(Truth.FALSE);
    }

    /** What a condition can be. */
    Truth truth(ParsedExpression condition, boolean isDeletion) {
        return evaluator(condition, isDeletion).truth(condition.root());
    }

    private Evaluator evaluator(ParsedExpression parsed, boolean isDeletion) {
        return new Evaluator(part -> known(parsed, part, isDeletion));
    }

    private Object known(ParsedExpression parsed, Expression part, boolean isDeletion) {
        if (part instanceof JdbcNamedParameter parameter) {
            List<String> path = parsed.path(parameter);
            if (path != null && paths.isDeleted(path)) {
                return paths.deletion(isDeletion);
            }
            return path != null && paths.version().contains(path) ? NEW : Evaluator.OPAQUE;
        }
        if (!(part instanceof Column column)) {
            return null;
        }
        if ("excluded".equals(ParsedExpression.qualifier(column))) {
            return proposed(ParsedExpression.name(column), isDeletion);
        }
        String name = ParsedExpression.name(column);
        Range inserted = statement.valueOf(name);
        if (inserted != null && isMark(inserted)) {
            return Truth.FALSE; // a row that is there is alive
        }
        boolean isVersion =
                inserted != null && statement.paths(inserted).stream().anyMatch(paths.version()::contains);
        return isVersion ? OLD : new Stored(name);
    }

    private Object proposed(String column, boolean isDeletion) {
        Range inserted = statement.valueOf(column);
        Object value = inserted == null ? Evaluator.OPAQUE : inserted(inserted, isDeletion);
        return value.equals(Evaluator.OPAQUE) ? new Proposed(column) : value;
    }
}
