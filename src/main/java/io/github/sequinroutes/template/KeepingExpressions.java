package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Assignment;
import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rewrites the expressions of a template for records that lack the values of some columns. */
final class KeepingExpressions {
    /** What always helps, for what is written from then on. */
    static final String REMEDY = "; or set the replica identity of the source's table to full";

    private final Template template;
    private final TemplateShape shape;
    private final String dataField;
    private final Set<String> unchanged;
    /** Columns that are written with the plain value of a column of the source, by the latter. */
    private final Map<List<String>, String> copies;

    private final Map<String, Range> values;
    private int paths;

    /** The expressions of this template, for records that lack the values of these columns. */
    KeepingExpressions(Template template, TemplateShape shape, String dataField, Set<String> unchanged) {
        this.template = template;
        this.shape = shape;
        this.dataField = dataField;
        this.unchanged = unchanged;
        values = shape.valuesByColumn();
        copies = shape.copies();
    }

    /** How many paths are left in all that has been rewritten so far. */
    int paths() {
        return paths;
    }

    /** Whether a value consists of nothing but what has not changed: the column itself stands for it. */
    boolean keepsColumn(Range value, String column) {
        return column != null
                && isAffected(value)
                && shape.paths(value).stream().allMatch(path -> isUnchanged(path) && path.size() > 1);
    }

    /** The same where other columns are within reach, so that most expressions can be evaluated. */
    boolean mustKeep(Assignment assignment) {
        return keepsColumn(assignment.expression(), assignment.column())
                && shape.paths(assignment.expression()).stream().anyMatch(path -> !copies.containsKey(path));
    }

    /** Whether a value has a part that has not changed. */
    boolean isAffected(Range value) {
        return shape.paths(value).stream().anyMatch(this::isUnchanged);
    }

    private boolean isUnchanged(List<String> path) {
        return PathValues.isUnchanged(path, dataField, unchanged);
    }

    /** A range with what stands for the missing values in it, as columns of this row. */
    String rewrite(Range range, String row) {
        StringBuilder text = new StringBuilder();
        for (int at = range.from(); at < range.to(); ) {
            at = append(text, at, row);
        }
        return text.toString();
    }

    /** Appends what stands for the token there, and returns the position of the next. */
    int append(StringBuilder text, int at, String row) {
        List<TemplateToken> tokens = shape.tokens();
        TemplateToken token = tokens.get(at);
        if (token.path() != null && isUnchanged(token.path())) {
            text.append(known(at, row));
        } else if (isColumnOfProposed(at)) {
            text.append(proposed(tokens.get(at + 2).name(), row));
            at += 2;
        } else {
            paths += token.path() == null ? 0 : 1;
            text.append(token.text());
        }
        int end = tokens.get(at).end();
        text.append(
                at + 1 < tokens.size()
                        ? template.text().substring(end, tokens.get(at + 1).start())
                        : "");
        return at + 1;
    }

    private boolean isColumnOfProposed(int at) {
        List<TemplateToken> tokens = shape.tokens();
        return "excluded".equals(tokens.get(at).name())
                && at + 2 < tokens.size()
                && tokens.get(at + 1).is(".")
                && tokens.get(at + 2).name() != null;
    }

    /** What stands for a column of the proposed row: the row that is there may be newer than it was when it was read. */
    private String proposed(String column, String row) {
        Range value = values.get(column);
        if (value == null || !isAffected(value)) {
            return column("excluded", column);
        }
        return keepsColumn(value, column) ? column(row, column) : "(" + rewrite(value, row) + "\n)";
    }

    private String known(int at, String row) {
        List<String> path = shape.tokens().get(at).path();
        String copy = copies.get(path);
        if (copy == null || path.size() == 1) { // of the record as a whole other columns have changed
            throw errorAt(
                    at,
                    path.size() == 1
                            ? "the record as a whole lacks a value that has not changed, and nothing can stand for it"
                                    + " here: name its columns one by one" + REMEDY
                            : "the value of column " + path.get(1)
                                    + " has not changed, so it is not in the message, and"
                                    + " nothing can stand for it here: write it into a column of its own as well, by"
                                    + " nothing but its path" + REMEDY);
        }
        return column(row, copy);
    }

    /** A column of a row, as SQL. */
    static String column(String row, String column) {
        return row + "." + ShapeLookUp.quoted(column);
    }

    /** An error at a token. */
    TemplateException errorAt(int token, String problem) {
        List<TemplateToken> tokens = shape.tokens();
        return template.errorAt(token < tokens.size() ? tokens.get(token).start() : 0, problem);
    }
}
