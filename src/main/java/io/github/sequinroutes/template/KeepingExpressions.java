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
    private final Lack lack;
    private final StoredColumns stored;
    private final Map<String, Range> values;
    private int paths;

    /**
     * What records lack.
     *
     * @param dataField  the first name of the paths that lead to columns
     * @param unchanged  the columns whose values they lack
     * @param isOptional whether all else is to be written where nothing can stand for such a value
     */
    record Lack(String dataField, Set<String> unchanged, boolean isOptional) {
        /** Nothing that is added to the set later counts. */
        Lack {
            unchanged = Set.copyOf(unchanged);
        }
    }

    /** The expressions of this template, for records that lack these values. */
    KeepingExpressions(Template template, TemplateShape shape, Lack lack) {
        this.template = template;
        this.shape = shape;
        this.lack = lack;
        stored = new StoredColumns(shape);
        values = shape.valuesByColumn();
    }

    /** How many paths are left in all that has been rewritten so far. */
    int paths() {
        return paths;
    }

    /** Which columns of a row hold just what the template had for them. */
    StoredColumns stored() {
        return stored;
    }

    /** Whether the column itself stands for a value: nothing of that has changed, or is known. */
    boolean keepsColumn(Range value) {
        return isAffected(value) && (isUnchanged(value) || !isComputable(value));
    }

    /** Whether a column keeps its value, though other columns are within reach, so that most expressions can be evaluated. */
    boolean mustKeep(Assignment assignment) {
        Range given = assignment.expression();
        if (!isAffected(given)) {
            return false;
        }
        boolean readsRow = names(given, shape.qualifier());
        boolean isUnchanged = isUnchanged(given);
        return (isUnchanged && (!readsRow || names(given, "excluded")))
                || (!isComputable(given) && (isUnchanged || readsRow || lack.isOptional));
    }

    private boolean names(Range range, String row) {
        for (int at = range.from(); at < range.to(); at++) {
            if (isColumnOf(at, row)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value has a part that is missing. */
    boolean isAffected(Range value) {
        for (int at = value.from(); at < value.to(); at++) {
            Range proposed = valueOfProposed(at);
            if (isMissing(at) || (proposed != null && isAffected(proposed))) {
                return true;
            }
        }
        return false;
    }

    /** Whether all parts of a value are missing, and nothing else of the record is in them. */
    private boolean isUnchanged(Range value) {
        for (int at = value.from(); at < value.to(); at++) {
            List<String> path = shape.tokens().get(at).path();
            boolean isKnown = path != null && (!isMissing(at) || path.size() == 1);
            if (isKnown || (isColumnOf(at, "excluded") && !isUnchangedColumn(at))) {
                return false;
            }
        }
        return true;
    }

    private boolean isUnchangedColumn(int at) {
        Range proposed = valueOfProposed(at);
        return proposed != null && isAffected(proposed) && isUnchanged(proposed);
    }

    /** Whether something stands for each part of a value that is missing. */
    private boolean isComputable(Range value) {
        for (int at = value.from(); at < value.to(); at++) {
            if (isMissing(at) && copyAt(at) == null) {
                return false;
            }
            Range proposed = valueOfProposed(at);
            if (proposed != null && isAffected(proposed) && !isCurrent(at) && !isComputable(proposed)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the column of the stored row that is named there is the same as that of the proposed one. */
    private boolean isCurrent(int at) {
        return stored.isCurrent(shape.tokens().get(at + 2).name()) && isUnchangedColumn(at);
    }

    private boolean isMissing(int at) {
        List<String> path = shape.tokens().get(at).path();
        return path != null && PathValues.isUnchanged(path, lack.dataField, lack.unchanged);
    }

    private boolean isColumnOf(int at, String row) {
        return shape.isColumn(at) && shape.tokens().get(at).name().equals(row);
    }

    /** The value of the proposed row's column that is named there, or null. */
    private Range valueOfProposed(int at) {
        return isColumnOf(at, "excluded")
                ? values.get(shape.tokens().get(at + 2).name())
                : null;
    }

    /** The column that holds the missing value there, or null; of the record as a whole other columns have changed. */
    private String copyAt(int at) {
        List<String> path = shape.tokens().get(at).path();
        return path.size() == 1 ? null : stored.copyOf(path);
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
        int last = at;
        if (isMissing(at) && !(copyAt(at) == null && lack.isOptional)) {
            text.append(known(at, row));
        } else if (isColumnOf(at, "excluded")) {
            text.append(proposed(at, row));
            last += 2;
        } else {
            paths += token.path() == null ? 0 : 1;
            text.append(token.text());
        }
        text.append(
                last + 1 < tokens.size()
                        ? template.text()
                                .substring(
                                        tokens.get(last).end(),
                                        tokens.get(last + 1).start())
                        : "");
        return last + 1;
    }

    /** What stands for a column of the proposed row: the row that is there may be newer than it was when it was read. */
    private String proposed(int at, String row) {
        String column = shape.tokens().get(at + 2).name();
        Range value = values.get(column);
        if (value == null || !isAffected(value)) {
            return column("excluded", column);
        }
        boolean isKept = isCurrent(at) || (lack.isOptional && !isComputable(value));
        return isKept ? column(row, column) : "(" + rewrite(value, row) + "\n)";
    }

    private String known(int at, String row) {
        String copy = copyAt(at);
        if (copy == null) {
            List<String> path = shape.tokens().get(at).path();
            throw errorAt(
                    at,
                    path.size() == 1
                            ? "the record as a whole lacks a value that has not changed, and nothing can stand for it"
                                    + " here: name its columns one by one" + REMEDY
                            : "the value of column " + path.get(1)
                                    + " has not changed, so it is not in the message, and"
                                    + " nothing can stand for it here: write it into a column of its own as well, by"
                                    + " nothing but its path, and update that" + REMEDY);
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
