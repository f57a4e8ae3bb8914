package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.source.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Names tables: {@code public.orders}, {@code public.*}, {@code sales_?.*}, {@code public."Order.Items"}; without a schema
 * those of {@code public}. Upper and lower case differ; what is in quotes stands for itself.
 */
public final class TablePattern {
    private static final String DEFAULT_SCHEMA = "public";

    private final String text;
    private final Pattern schema;
    private final Pattern table;
    private final List<String> names;
    private boolean hasWildcard;

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none
     */
    public TablePattern(String text) {
        this.text = text;
        List<StringBuilder> parts = new ArrayList<>(List.of(new StringBuilder()));
        List<StringBuilder> plain = new ArrayList<>(List.of(new StringBuilder()));
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            StringBuilder part = parts.get(parts.size() - 1);
            if (c == '"' && isQuoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                part.append(Pattern.quote("\""));
                plain.get(plain.size() - 1).append(c);
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == '.' && !isQuoted) {
                parts.add(new StringBuilder());
                plain.add(new StringBuilder());
            } else if ((c == '*' || c == '?') && !isQuoted) {
                hasWildcard = true;
                part.append(c == '*' ? ".*" : ".");
            } else {
                part.append(Pattern.quote(Character.toString(c)));
                plain.get(plain.size() - 1).append(c);
            }
        }
        boolean isEmpty = parts.stream().anyMatch(part -> part.length() == 0);
        if (isQuoted || isEmpty || parts.size() > 2) {
            throw new IllegalArgumentException(
                    "--table must be a table such as public.orders, or a pattern such as 'public.*';"
                            + " a name with a dot in it is put in double quotes; not '" + text + "'");
        }
        names = plain.stream().map(StringBuilder::toString).toList();
        table = Pattern.compile(parts.get(parts.size() - 1).toString(), Pattern.DOTALL);
        schema = parts.size() == 1
                ? Pattern.compile(DEFAULT_SCHEMA)
                : Pattern.compile(parts.get(0).toString(), Pattern.DOTALL);
    }

    /** Whether it names one table, and no others. */
    public boolean isExact() {
        return !hasWildcard;
    }

    /** The table that it names, if it {@link #isExact names one}. */
    public TableName tableName() {
        return new TableName(names.size() == 1 ? DEFAULT_SCHEMA : names.get(0), names.get(names.size() - 1));
    }

    /** Whether a table is meant. Partitions are, if they are named: their rows are those of the table that they are of. */
    public boolean matches(SourceTable candidate) {
        return schema.matcher(candidate.schema()).matches()
                && table.matcher(candidate.name()).matches()
                && (isExact() || !candidate.isPartition());
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
