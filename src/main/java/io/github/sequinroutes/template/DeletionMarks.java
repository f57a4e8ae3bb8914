package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Assignment;
import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which rows a template has marked as deleted: those with a column that holds what only a deletion has. PostgreSQL says what
 * that is, by the template's own expression with each action in turn.
 */
final class DeletionMarks {
    private static final List<String> ACTION = List.of("action");
    /** What has other values of the message in it is not evaluated, but only a deletion has one. */
    private static final Pattern ANY_VALUE = Pattern.compile("case when \\(* ?(?:#action = 'delete'|'delete' = #action)"
            + " ?\\)* ?then (?!null)(?:(?! when | else ).)+(?: else null)? end");

    /** The value that a column would have, as its own type, for a deletion, an update, an insert and a read. */
    private static final String CONDITION = """
            exists (
              select from (select %2$s) as mark (d, u, i, r)
              where d is distinct from u and d is distinct from i and d is distinct from r
                and (%1$s::text = d or (u is not distinct from i and %1$s::text is distinct from u)))""";

    private final Template template;
    private final TemplateShape shape;
    private final String row;

    private DeletionMarks(Template template, TemplateShape shape, String row) {
        this.template = template;
        this.shape = shape;
        this.row = row;
    }

    /**
     * The condition that a row is marked so, as SQL; null if the template marks none.
     *
     * @param row the name of the row
     */
    static String condition(Template template, TemplateShape shape, String row) {
        return new DeletionMarks(template, shape, row).condition();
    }

    private String condition() {
        List<String> conditions = new ArrayList<>();
        new TreeMap<>(shape.valuesByColumn()).forEach((column, value) -> {
            List<List<String>> paths = shape.paths(value);
            if (!paths.contains(ACTION) || !isUpdated(column)) {
                return;
            }
            if (paths.stream().allMatch(ACTION::equals)) {
                conditions.add(isOfDeletion(column, value));
            } else if (ANY_VALUE.matcher(words(value)).matches()) {
                conditions.add(KeepingExpressions.column(row, column) + " is not null");
            }
        });
        return conditions.isEmpty() ? null : "(" + String.join(" or ", conditions) + ")";
    }

    /** Whether an update sets it by what the message or the proposed row says. */
    private boolean isUpdated(String column) {
        return shape.assignments().values().stream()
                .filter(assignment -> assignment.column().equals(column))
                .map(Assignment::expression)
                .anyMatch(given -> shape.paths(given).contains(ACTION)
                        || words(given).contains("excluded . " + column)
                        || words(given).contains("excluded . " + ShapeLookUp.quoted(column)));
    }

    private String isOfDeletion(String column, Range value) {
        String values = List.of("'delete'", "'update'", "'insert'", "'read'").stream()
                .map(action -> "(jsonb_populate_record(" + row + ", jsonb_build_object('" + column.replace("'", "''")
                        + "', " + with(action, value) + "\n))).\"" + column.replace("\"", "\"\"") + "\"::text")
                .collect(Collectors.joining(", "));
        return CONDITION.formatted(KeepingExpressions.column(row, column), values);
    }

    /** The expression with an action in place of the message's. */
    private String with(String action, Range value) {
        StringBuilder text = new StringBuilder();
        for (int at = value.from(); at < value.to(); at++) {
            TemplateToken token = shape.tokens().get(at);
            text.append(token.path() == null ? token.text() : action);
            boolean isLast = at + 1 == value.to();
            text.append(
                    isLast
                            ? ""
                            : template.text()
                                    .substring(
                                            token.end(),
                                            shape.tokens().get(at + 1).start()));
        }
        return text.toString();
    }

    /** The tokens with blanks between them. */
    private String words(Range value) {
        return shape.tokens().subList(value.from(), value.to()).stream()
                .map(token -> token.path() != null ? "#" + String.join(".", token.path()) : word(token))
                .collect(Collectors.joining(" "));
    }

    private static String word(TemplateToken token) {
        return token.name() == null || token.text().startsWith("\"") ? token.text() : token.name();
    }
}
