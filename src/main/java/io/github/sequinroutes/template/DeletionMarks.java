package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which rows a template has marked as deleted, by a column that tells nothing else: {@code :#action = 'delete'}, its
 * opposite, the action itself, or what only a deletion has.
 */
final class DeletionMarks {
    private static final String IS = "(?:#action = 'delete'|'delete' = #action)";
    private static final Pattern DELETION = Pattern.compile(IS);
    private static final Pattern OPPOSITE =
            Pattern.compile("#action (?:< >|! =) 'delete'|'delete' (?:< >|! =) #action|not " + IS);
    private static final Pattern ACTION = Pattern.compile("#action");
    private static final Pattern VALUE = Pattern.compile(
            "case when " + IS + " then ('[^']*'|\\d+|true|false) else (?!null)('[^']*'|\\d+|true|false) end");
    private static final Pattern ANY_VALUE =
            Pattern.compile("case when " + IS + " then (?!null)(?:(?! when | else ).)+(?: else null)? end");

    private DeletionMarks() {}

    /**
     * The condition that a row is marked so, as SQL; null if the template marks none.
     *
     * @param row the name of the row
     */
    static String condition(TemplateShape shape, String row) {
        StoredColumns stored = new StoredColumns(shape);
        Map<String, Range> values = new TreeMap<>(shape.valuesByColumn());
        values.keySet().removeIf(column -> !stored.isCurrent(column));
        String any = values.entrySet().stream()
                .map(each ->
                        condition(text(shape, each.getValue()), "\n" + KeepingExpressions.column(row, each.getKey())))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" or "));
        return any.isEmpty() ? null : "coalesce(" + any + ", false)";
    }

    private static String condition(String value, String column) {
        Matcher constant = VALUE.matcher(value);
        if (DELETION.matcher(value).matches()) {
            return column + "::text = 'true'"; // of a column of any type
        } else if (OPPOSITE.matcher(value).matches()) {
            return column + "::text = 'false'";
        } else if (ACTION.matcher(value).matches()) {
            return column + "::text = 'delete'";
        } else if (constant.matches() && !constant.group(1).equals(constant.group(2))) {
            return column + "::text = '" + constant.group(1).replace("'", "") + "'";
        }
        return ANY_VALUE.matcher(value).matches() ? column + " is not null" : null;
    }

    /** The tokens with blanks between them, less the brackets around all of them. */
    private static String text(TemplateShape shape, Range value) {
        String text = shape.tokens().subList(value.from(), value.to()).stream()
                .map(DeletionMarks::text)
                .collect(Collectors.joining(" "));
        while (text.startsWith("( ") && text.indexOf(')') == text.length() - 1) {
            text = text.substring(2, text.length() - 2);
        }
        return text;
    }

    private static String text(TemplateToken token) {
        if (token.path() != null) {
            return "#" + String.join(".", token.path());
        }
        return token.text().startsWith("'") ? token.text() : token.text().toLowerCase(Locale.ROOT);
    }
}
