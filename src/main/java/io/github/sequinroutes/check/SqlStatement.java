package io.github.sequinroutes.check;

import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The parts of a template's statement, as far as they can be told without knowing all of SQL. Places are those of tokens.
 *
 * @param template   where it stands
 * @param tokens     all of it
 * @param verb       what it does
 * @param at         where the verb stands
 * @param source     what it names besides its table: behind {@code using} or {@code from}
 * @param target     the name of the table; empty if there is none
 * @param alias      the table's alias, or null
 * @param columnList where the list of columns begins, or -1
 * @param columns    those that an insert names, or null
 * @param overriding whether it says {@code overriding … value}
 * @param values     the expression for each column, or null if they cannot be told
 * @param isPlain    whether it inserts one row of {@code values}
 * @param conflict   what it does if the row is there, or null
 * @param setAt      where {@code set} stands, or -1
 * @param assignments what it assigns to columns
 * @param isSetKnown whether these are all
 * @param where      the condition of the update or delete, or null
 * @param returning  where {@code returning} stands, or -1
 */
record SqlStatement(
        Template template,
        List<TemplateToken> tokens,
        Verb verb,
        int at,
        Range source,
        Range target,
        String alias,
        int columnList,
        List<Integer> columns,
        boolean overriding,
        List<Range> values,
        boolean isPlain,
        Conflict conflict,
        int setAt,
        List<Assignment> assignments,
        boolean isSetKnown,
        Range where,
        int returning) {
    enum Verb {
        INSERT,
        UPDATE,
        DELETE,
        MERGE,
        SELECT,
        OTHER
    }

    /** Tokens from one to before another. */
    record Range(int from, int to) {}

    /** What is assigned to a column. */
    record Assignment(int column, Range value) {}

    /**
     * The clause {@code on conflict}.
     *
     * @param at         where it begins
     * @param target     where the columns begin, or what follows
     * @param columns    the columns, or null
     * @param isSimple   whether there are columns and nothing else
     * @param constraint where the name of the constraint stands, or -1
     * @param action     where {@code nothing} or {@code update} stands
     */
    record Conflict(int at, int target, List<Integer> columns, boolean isSimple, int constraint, int action) {}

    /** Whether it has parts that write as well: {@code with … as (insert …)}; what they do nobody knows here. */
    boolean isCompound() {
        return tokens.subList(0, at).stream()
                .anyMatch(token -> token.is("insert") || token.is("update") || token.is("delete"));
    }

    /** Where a token begins in the file. */
    int position(int token) {
        return token < tokens.size()
                ? tokens.get(token).start()
                : template.text().length();
    }

    /** The first token that ends behind a position of the file. */
    int tokenAt(int position) {
        int at = 0;
        while (at < tokens.size() && tokens.get(at).end() <= position) {
            at++;
        }
        return at;
    }

    /** Where a token begins, as {@code line:column}. */
    String lineAndColumn(int token) {
        var place = template.problemAt(position(token), false, "");
        return place.line() + ":" + place.column();
    }

    /** The name that a token is, or null. */
    String name(int token) {
        return token >= 0 && token < tokens.size() ? tokens.get(token).name() : null;
    }

    /** Whether a token is this keyword, or this character. */
    boolean is(int token, String keyword) {
        return token >= 0 && token < tokens.size() && tokens.get(token).is(keyword);
    }

    /** A token as it stands in the file; empty behind the last. */
    String text(int token) {
        return token < tokens.size() ? tokens.get(token).text() : "";
    }

    /** Whether a token is a word, and no name in quotes. */
    boolean isWord(int token) {
        return name(token) != null && !tokens.get(token).text().startsWith("\"");
    }

    /** Whether nothing stands between a token and the next. */
    boolean touches(int token) {
        return token + 1 < tokens.size()
                && tokens.get(token).end() == tokens.get(token + 1).start();
    }

    /** The words from there on that are joined by this. */
    String words(int from, String joint) {
        StringBuilder words = new StringBuilder();
        for (int at = from; isWord(at); at += 2) {
            words.append(words.isEmpty() ? "" : ".").append(tokens.get(at).text());
            if (!is(at + 1, joint) || !touches(at)) {
                break;
            }
        }
        return words.toString();
    }

    /** The names of the columns that {@code on conflict} names; none if it names none. */
    List<String> keyColumns() {
        return conflict == null || conflict.columns == null
                ? List.of()
                : conflict.columns.stream().map(this::name).toList();
    }

    /** The column of the new row that a part is, as {@code excluded.name}; null if it is anything else. */
    String excluded(Range part) {
        boolean isColumn =
                part.to() == part.from() + 3 && "excluded".equals(name(part.from())) && is(part.from() + 1, ".");
        return isColumn ? name(part.from() + 2) : null;
    }

    /** The parts of the table's name. */
    List<String> targetName() {
        List<String> parts = new ArrayList<>();
        for (int token = target.from(); token < target.to(); token += 2) {
            parts.add(name(token));
        }
        return parts;
    }

    /** The name by which the row that is there is known. */
    String qualifier() {
        return alias == null ? targetName().get(targetName().size() - 1) : alias;
    }

    /** A part as it stands in the file. */
    String text(Range range) {
        return template.text()
                .substring(
                        tokens.get(range.from()).start(),
                        tokens.get(range.to() - 1).end());
    }

    /** The paths in a part. */
    List<List<String>> paths(Range range) {
        return tokens.subList(range.from(), range.to()).stream()
                .filter(token -> token.path() != null)
                .map(TemplateToken::path)
                .toList();
    }

    /** Where a path such as this stands first, or -1. */
    int find(Predicate<List<String>> wanted) {
        int at = 0;
        while (at < tokens.size()
                && (tokens.get(at).path() == null || !wanted.test(tokens.get(at).path()))) {
            at++;
        }
        return at < tokens.size() ? at : -1;
    }

    /** Whether a part is a path, and nothing else. */
    boolean isPath(Range range) {
        return range.to() == range.from() + 1 && tokens.get(range.from()).path() != null;
    }

    /** Whether it updates the row that is there, if there is one. */
    boolean isUpsert() {
        return verb == Verb.INSERT
                && conflict != null
                && tokens.get(conflict.action).is("update");
    }

    /** The value that is inserted into a column, or null. */
    Range valueOf(String column) {
        for (int i = 0; columns != null && values != null && i < Math.min(columns.size(), values.size()); i++) {
            if (column.equals(name(columns.get(i)))) {
                return values.get(i);
            }
        }
        return null;
    }

    /** Where a column stands in the list of those that are written, or -1. */
    int placeOf(String column) {
        for (int token : columns == null ? List.<Integer>of() : columns) {
            if (column.equals(name(token))) {
                return token;
            }
        }
        return -1;
    }

    /** The paths in what is inserted into a column; none if that is not known. */
    List<List<String>> pathsOf(String column) {
        Range value = valueOf(column);
        return value == null ? List.of() : paths(value);
    }

    /** What is assigned to a column, or null. */
    Assignment assignmentTo(String column) {
        return assignments.stream()
                .filter(assignment -> column.equals(name(assignment.column())))
                .findFirst()
                .orElse(null);
    }

    /** Whether an update sets a column to what is inserted into it, and to nothing else. */
    boolean setsInserted(String column) {
        Assignment assignment = assignmentTo(column);
        return assignment != null
                && text(assignment.value())
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[\\s\"]", "")
                        .equals("excluded." + column.toLowerCase(Locale.ROOT));
    }
}
