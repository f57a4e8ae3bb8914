package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A template written anew as one statement for many records: in place of {@code values (…)} a {@code select … from} arrays,
 * with one element for each record. PostgreSQL plans and executes it once, and says how many rows it has written. The arrays
 * are unnested in a select list: {@code from unnest(…)} would keep a copy of each before it reads the first row.
 */
final class SetTemplate {
    private static final String RECORDS = "\"sequin records\"";

    private final Template template;
    private final List<TemplateToken> tokens;
    private final List<SetType> types;
    /** The arrays, by path and type: of values that stand in several places one is enough. */
    private final Map<Column, Integer> columns = new LinkedHashMap<>();

    private final List<Integer> parameters = new ArrayList<>();
    private int paths;

    private record Column(List<String> path, SetType type, String text) {
        Column {
            path = List.copyOf(path);
        }
    }

    /**
     * What is written.
     *
     * @param template   the statement; each of its paths stands for an array
     * @param parameters for each path, which of the single template's it is
     */
    record Written(Template template, List<Integer> parameters) {}

    private SetTemplate(Template template, List<SetType> types) {
        this.template = template;
        this.types = types;
        tokens = template.tokens();
    }

    /**
     * The statement for many records.
     *
     * @param shape the template's; null if it is another statement
     * @param types those of its parameters
     * @return null if it cannot be told that it would do the same as the template for each record
     */
    static Written write(Template template, TemplateShape shape, List<SetType> types) {
        SetTemplate set = new SetTemplate(template, types);
        String text = shape != null ? set.insert(shape) : set.delete();
        return text == null ? null : new Written(new Template(template.file(), text), set.parameters);
    }

    private String insert(TemplateShape shape) {
        boolean hasPathBehind = !shape.paths(shape.tail()).isEmpty();
        boolean hasDefault = shape.values().stream()
                .anyMatch(value -> value.to() == value.from() + 1
                        && tokens.get(value.from()).is("default"));
        if (hasPathBehind
                || hasDefault
                || columnsArePaths(shape)
                || reads(shape.target().get(shape.target().size() - 1))) {
            return null; // no set can say that
        }
        Range first = shape.values().get(0);
        int values = first.from() - 2; // values (
        StringBuilder text = new StringBuilder(text(new Range(0, values)));
        text.append("select ");
        for (int i = 0; i < shape.values().size(); i++) {
            text.append(i == 0 ? "" : "\n, ").append(text(shape.values().get(i)));
        }
        return text.append("\nfrom ")
                .append(records())
                .append('\n')
                .append(text(shape.tail()))
                .toString();
    }

    /** Whether a sub-select may read the table itself: of one statement it would not see what that has written. */
    private boolean reads(String table) {
        boolean isInSelect = false;
        for (TemplateToken token : tokens) {
            isInSelect |= token.is("select");
            if (isInSelect && table.equals(token.name())) {
                return true;
            }
        }
        return false;
    }

    /** A path before the values, as in a subscript of a column. */
    private boolean columnsArePaths(TemplateShape shape) {
        return !shape.paths(new Range(0, shape.values().get(0).from())).isEmpty();
    }

    /** {@code delete from table [as alias] where …}. */
    private String delete() {
        int where = 2;
        while (where < tokens.size() && !tokens.get(where).is("where")) {
            TemplateToken token = tokens.get(where++);
            if ((token.name() == null && !token.is(".")) || token.is("using")) {
                return null;
            }
        }
        if (where >= tokens.size()
                || !tokens.get(0).is("delete")
                || !tokens.get(1).is("from")
                || reads(tokens.get(where - 1).name())
                || reads(tokens.get(tokens.get(3).is(".") ? 4 : 2).name())
                || tokens.stream().anyMatch(token -> token.is("returning") || token.is("current"))) {
            return null;
        }
        String head = text(new Range(0, where));
        String condition = text(new Range(where, tokens.size()));
        return head + "\nusing " + records() + "\n" + condition;
    }

    private String records() {
        StringBuilder arrays = new StringBuilder("(select ");
        columns.forEach((column, number) -> arrays.append(number == 0 ? "" : ", ")
                .append(column.type.ofElement("unnest(cast(" + column.text + " as " + column.type.ofArray() + "))"))
                .append(" as ")
                .append(name(number)));
        return arrays.append(") as " + RECORDS).toString();
    }

    /** What stands for a range, with the text between its tokens. */
    private String text(Range range) {
        StringBuilder text = new StringBuilder();
        for (int at = range.from(); at < range.to(); at++) {
            TemplateToken token = tokens.get(at);
            text.append(token.path() == null ? token.text() : value(token));
            int next = at + 1 < tokens.size() ? tokens.get(at + 1).start() : token.end();
            text.append(template.text(), token.end(), next);
        }
        return text.toString();
    }

    /** One that no table has, so that no column of the user's is ambiguous. */
    private static String name(int number) {
        return "\"sequin " + number + "\"";
    }

    private String value(TemplateToken token) {
        int parameter = paths++;
        Column column = new Column(token.path(), types.get(parameter), token.text());
        Integer number = columns.get(column);
        if (number == null) {
            number = columns.size();
            columns.put(column, number);
            parameters.add(parameter);
        }
        return RECORDS + "." + name(number);
    }
}
