package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Assignment;
import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of a row that is there hold just what a template last had for them: only these can stand for a value that a
 * message leaves out. A column that {@code on conflict} leaves alone, or gives another value, is none.
 */
final class StoredColumns {
    private static final List<String> IS_DELETE = List.of("=", "'delete'");

    private final TemplateShape shape;
    private final Map<String, Range> values;
    private final Set<String> current = new HashSet<>();
    private final Map<List<String>, String> copies = new HashMap<>();

    StoredColumns(TemplateShape shape) {
        this.shape = shape;
        values = shape.valuesByColumn();
        for (Assignment assignment : shape.assignments().values()) {
            if (values.containsKey(assignment.column()) && isJustTheValue(assignment)) {
                current.add(assignment.column());
            }
        }
        for (String column : shape.columns() == null ? List.<String>of() : shape.columns()) {
            if (current.contains(column) && shape.path(values.get(column)) != null) {
                copies.putIfAbsent(shape.path(values.get(column)), column);
            }
        }
    }

    /** Whether a column holds what the template last had for it. */
    boolean isCurrent(String column) {
        return current.contains(column);
    }

    /** The column that holds the value at a path, or null. */
    String copyOf(List<String> path) {
        return copies.get(path);
    }

    private boolean isJustTheValue(Assignment assignment) {
        String proposed = "excluded." + assignment.column();
        String stored = shape.qualifier() + "." + assignment.column();
        List<String> given = words(assignment.expression());
        return given.equals(List.of(proposed))
                || given.equals(words(values.get(assignment.column())))
                // a value that is left out was no null
                || given.equals(List.of("coalesce", "(", proposed, ",", stored, ")"))
                || (given.size() > 2
                        && isDeletion(given.get(2))
                        && given.equals(
                                List.of("case", "when", given.get(2), "then", stored, "else", proposed, "end")));
    }

    private boolean isDeletion(String proposed) {
        return values.entrySet().stream()
                .filter(each -> proposed.equals("excluded." + each.getKey()))
                .map(each -> shape.tokens()
                        .subList(each.getValue().from(), each.getValue().to()))
                .anyMatch(tokens -> List.of("action").equals(tokens.get(0).path())
                        && tokens.stream()
                                .skip(1)
                                .map(TemplateToken::text)
                                .toList()
                                .equals(IS_DELETE));
    }

    /** The tokens, with a row's name and its column as one. */
    private List<String> words(Range range) {
        List<String> words = new ArrayList<>();
        for (int at = range.from(); at < range.to(); at++) {
            TemplateToken token = shape.tokens().get(at);
            String word =
                    token.path() != null ? ":#" + token.path() : token.name() == null ? token.text() : token.name();
            if (at + 2 < range.to() && shape.isColumn(at)) {
                at += 2;
                word += "." + shape.tokens().get(at).name();
            }
            words.add(word);
        }
        return words;
    }
}
