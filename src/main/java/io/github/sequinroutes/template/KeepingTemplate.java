package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Assignment;
import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a template anew for records that lack the values of some columns: {@code insert … select …} from the row that is
 * there, whose values then stand for the missing ones. So what the row proposes is whole, whatever its types and
 * constraints, and of a row that is not there nothing is written.
 */
final class KeepingTemplate {
    private static final String STORED = "\"sequin stored\"";
    private static final String REMEDY = "; or set the replica identity of the source's table to full";

    private final Template template;
    private final TemplateShape shape;
    private final String dataField;
    private final Set<String> unchanged;
    /** Columns that are written with the plain value of a column of the source, by the latter. */
    private final Map<List<String>, String> copies;

    private final Map<String, Range> values;
    private int paths;

    /**
     * What is written.
     *
     * @param statement writes the records
     * @param rowExists {@code select from … where …}: whether the row of a record is there
     * @param keysFrom  the first parameter of {@code statement} that is one of {@code rowExists} as well
     * @param keysTo    before which parameter they end
     * @param columns   the columns whose values stay
     */
    record Kept(Template statement, Template rowExists, int keysFrom, int keysTo, List<String> columns) {}

    private KeepingTemplate(Template template, TemplateShape shape, String dataField, Set<String> unchanged) {
        this.template = template;
        this.shape = shape;
        this.dataField = dataField;
        this.unchanged = unchanged;
        values = shape.valuesByColumn();
        copies = shape.copies();
    }

    /**
     * The template for records that lack the values of these columns.
     *
     * @throws TemplateException if nothing can stand for one of the values: where that is
     */
    static Kept write(Template template, TemplateShape shape, String dataField, Set<String> unchanged) {
        return new KeepingTemplate(template, shape, dataField, unchanged).write();
    }

    private Kept write() {
        String table = ShapeLookUp.quoted(shape.target());
        List<String> columns = new ArrayList<>();
        List<String> selected = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (String column : shape.columns().subList(0, shape.values().size())) {
            Range value = values.get(column);
            if (!isDefault(value)) { // which a select cannot say: it is so without saying
                columns.add(ShapeLookUp.quoted(column));
                selected.add(keepsColumn(value, column) ? column(STORED, column) : rewrite(value, STORED));
            }
            if (isAffected(value)) {
                kept.add(column);
            }
        }
        int keysFrom = paths;
        String row = "from " + table + " as " + STORED + "\nwhere " + String.join("\nand ", keys());
        int keysTo = paths;
        String statement = "insert into " + table
                + (shape.alias() == null ? "" : " as " + ShapeLookUp.quoted(shape.alias()))
                + " (" + String.join(", ", columns) + ")\n"
                + rewrite(shape.overriding(), STORED)
                + "\nselect " + String.join("\n, ", selected) + "\n" + row + "\n"
                + tail();
        return new Kept(
                new Template(template.file(), statement),
                new Template(template.file(), "select " + row),
                keysFrom,
                keysTo,
                kept);
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (String column : shape.conflictColumns() == null ? List.<String>of() : shape.conflictColumns()) {
            Range value = values.get(column);
            if (value == null || isAffected(value)) {
                keys.clear();
                break;
            }
            keys.add(column(STORED, column) + " = (" + rewrite(value, STORED) + "\n)");
        }
        if (keys.isEmpty()) {
            throw errorAt(
                    shape.tail().from(),
                    "a value that Sequin leaves out because it has not changed can be kept only where the columns of"
                            + " 'on conflict' have values that tell which row is meant" + REMEDY);
        }
        return keys;
    }

    private String tail() {
        StringBuilder text = new StringBuilder();
        String qualifier = ShapeLookUp.quoted(shape.qualifier());
        for (int at = shape.tail().from(); at < shape.tail().to(); ) {
            Assignment assignment = shape.assignments().get(at);
            if (assignment != null && mustKeep(assignment)) {
                text.append(column(qualifier, assignment.column())).append(' ');
                at = assignment.expression().to();
            } else {
                at = append(text, at, qualifier);
            }
        }
        return text.toString();
    }

    /** Whether a value consists of nothing but what has not changed: the column itself stands for it. */
    private boolean keepsColumn(Range value, String column) {
        return column != null
                && isAffected(value)
                && shape.paths(value).stream().allMatch(path -> isUnchanged(path) && path.size() > 1);
    }

    /** The same where other columns are within reach, so that most expressions can be evaluated. */
    private boolean mustKeep(Assignment assignment) {
        return keepsColumn(assignment.expression(), assignment.column())
                && shape.paths(assignment.expression()).stream().anyMatch(path -> !copies.containsKey(path));
    }

    private boolean isAffected(Range value) {
        return shape.paths(value).stream().anyMatch(this::isUnchanged);
    }

    private boolean isUnchanged(List<String> path) {
        return PathValues.isUnchanged(path, dataField, unchanged);
    }

    private boolean isDefault(Range value) {
        return value.to() == value.from() + 1
                && shape.tokens().get(value.from()).is("default");
    }

    private String rewrite(Range range, String row) {
        StringBuilder text = new StringBuilder();
        for (int at = range.from(); at < range.to(); ) {
            at = append(text, at, row);
        }
        return text.toString();
    }

    /** Appends what stands for the token there, and returns the position of the next. */
    private int append(StringBuilder text, int at, String row) {
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

    private static String column(String row, String column) {
        return row + "." + ShapeLookUp.quoted(column);
    }

    private TemplateException errorAt(int token, String problem) {
        List<TemplateToken> tokens = shape.tokens();
        return template.errorAt(token < tokens.size() ? tokens.get(token).start() : 0, problem);
    }
}
