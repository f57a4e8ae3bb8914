package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Assignment;
import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a template anew for records that lack the values of some columns: {@code insert … select …} from the row that is
 * there, whose values then stand for the missing ones. So what the row proposes is whole, whatever its types and
 * constraints, and of a row that is not there nothing is written.
 */
final class KeepingTemplate {
    /** The name of the row that is there. */
    static final String STORED = "\"sequin stored\"";

    /** That a row is there. */
    static final String THERE = "there";
    /** That a row is there, and marked as deleted. */
    static final String DELETED = "deleted";

    private final Template template;
    private final TemplateShape shape;
    private final KeepingExpressions.Lack lack;
    private final KeepingExpressions expressions;
    private final Map<String, Range> values;

    /**
     * What is written.
     *
     * @param statement writes the records
     * @param regardless the same, also over rows that are marked as deleted; null if those are none of its concern
     * @param state     {@code select … from … where …}: {@link #THERE} if the row of a record is there, or
     *                  {@link #DELETED} if it is marked so
     * @param nulls     the same with the numbers, in {@code copied}, of the columns that are NULL
     * @param copied    the columns of the source that the row holds as they are, of those whose values stay
     * @param keysFrom  the first parameter of {@code statement} that is one of {@code rowExists} as well
     * @param keysTo    before which parameter they end
     * @param columns   the columns whose values stay
     */
    record Kept(
            Template statement,
            Template regardless,
            Template state,
            Template nulls,
            List<String> copied,
            int keysFrom,
            int keysTo,
            List<String> columns) {}

    private KeepingTemplate(Template template, TemplateShape shape, KeepingExpressions.Lack lack) {
        this.template = template;
        this.shape = shape;
        this.lack = lack;
        expressions = new KeepingExpressions(template, shape, lack);
        values = shape.valuesByColumn();
    }

    /**
     * The template for records that lack values.
     *
     * @throws TemplateException if nothing can stand for one of the values: where that is
     */
    static Kept write(Template template, TemplateShape shape, KeepingExpressions.Lack lack) {
        return new KeepingTemplate(template, shape, lack).write();
    }

    /**
     * The row that is there for a record: {@code select … from … where …}.
     *
     * @param selected what is selected of the table {@code "sequin stored"}
     * @throws TemplateException if the template does not tell which row that is
     */
    static Template row(Template template, TemplateShape shape, String dataField, String selected) {
        KeepingTemplate keeping =
                new KeepingTemplate(template, shape, new KeepingExpressions.Lack(dataField, Set.of(), false));
        return new Template(template.file(), "select " + selected + "\n" + keeping.row());
    }

    private String row() {
        return "from " + ShapeLookUp.quoted(shape.target()) + " as " + STORED + "\nwhere "
                + String.join("\nand ", keys());
    }

    private Kept write() {
        String table = ShapeLookUp.quoted(shape.target());
        List<String> columns = new ArrayList<>();
        List<String> selected = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (String column : shape.columns().subList(0, values.size())) {
            Range value = values.get(column);
            if (!isDefault(value)) { // which a select cannot say: it is so without saying
                columns.add(ShapeLookUp.quoted(column));
                selected.add(
                        expressions.keepsColumn(value)
                                ? KeepingExpressions.column(STORED, column)
                                : expressions.rewrite(value, STORED));
            }
            if (expressions.isAffected(value)) {
                kept.add(column);
            }
        }
        int keysFrom = expressions.paths();
        String row = row();
        int keysTo = expressions.paths();
        String statement = "insert into " + table
                + (shape.alias() == null ? "" : " as " + ShapeLookUp.quoted(shape.alias()))
                + " (" + String.join(", ", columns) + ")\n"
                + expressions.rewrite(shape.overriding(), STORED)
                + "\nselect " + String.join("\n, ", selected) + "\n" + row + "\n";
        String tail = tail();
        // a message that only has the key means the row as it is, deleted or not
        String mark = lack.isOptional() ? null : DeletionMarks.condition(template, shape, STORED);
        List<String> copied = new TreeSet<>(lack.unchanged())
                .stream().filter(column -> copyOf(column) != null).toList();
        return new Kept(
                new Template(template.file(), statement + (mark == null ? "" : "and not " + mark + "\n") + tail),
                mark == null ? null : new Template(template.file(), statement + tail),
                new Template(template.file(), "select " + state(mark) + row),
                new Template(template.file(), "select " + nulls(copied) + row),
                copied,
                keysFrom,
                keysTo,
                kept);
    }

    private static String state(String mark) {
        String there = "'" + THERE + "' ";
        return mark == null ? there : "case when " + mark + " then '" + DELETED + "' else " + there + " end ";
    }

    private String nulls(List<String> copied) {
        StringBuilder text = new StringBuilder("concat_ws(','");
        for (int i = 0; i < copied.size(); i++) {
            text.append(", case when ")
                    .append(KeepingExpressions.column(STORED, copyOf(copied.get(i))))
                    .append(" is null then ")
                    .append(i)
                    .append(" end");
        }
        return text.append(") ").toString();
    }

    private String copyOf(String column) {
        return expressions.stored().copyOf(List.of(lack.dataField(), column));
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (String column : shape.conflictColumns() == null ? List.<String>of() : shape.conflictColumns()) {
            Range value = values.get(column);
            if (value == null || expressions.isAffected(value)) {
                keys.clear();
                break;
            }
            keys.add(KeepingExpressions.column(STORED, column) + " = (" + expressions.rewrite(value, STORED) + "\n)");
        }
        if (keys.isEmpty()) {
            throw expressions.errorAt(
                    shape.tail().from(),
                    "a value that Sequin leaves out because it has not changed can be kept only where the columns of"
                            + " 'on conflict' have values that tell which row is meant" + KeepingExpressions.REMEDY);
        }
        return keys;
    }

    private String tail() {
        StringBuilder text = new StringBuilder();
        String qualifier = ShapeLookUp.quoted(shape.qualifier());
        for (int at = shape.tail().from(); at < shape.tail().to(); ) {
            Assignment assignment = shape.assignments().get(at);
            if (assignment != null && expressions.mustKeep(assignment)) {
                text.append(KeepingExpressions.column(qualifier, assignment.column()))
                        .append(' ');
                at = assignment.expression().to();
            } else {
                at = expressions.append(text, at, qualifier);
            }
        }
        return text.toString();
    }

    private boolean isDefault(Range value) {
        return value.to() == value.from() + 1
                && shape.tokens().get(value.from()).is("default");
    }
}
