package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks that what is written into a column is the value of the record, as far as the text and the type of the column tell. */
record WrittenValues(SqlStatement statement, TargetTable table, Paths paths, Findings findings, NumberTypes numbers) {
    private static final String INTEGER = "(?: :: (?:smallint|int|integer|bigint|int[248]))?";
    /** Each is a token. */
    private static final String DIGITS = "\\d(?: \\d)*";

    private static final String NUMBER = "numeric|float[48]";
    private static final String TEXT = "(?:text|varchar|bpchar).*";
    private static final String TIME = "timestamp(?:tz)?";
    /** A path, or a column of the new row. */
    private static final String VALUE = "(?<path>§|excluded \\. [\\w\"]+)";

    private static final String CAST_PART = "this cast keeps only the first letters; write %s";
    private static final String PART = "this keeps only the first letters of %1$s; write %1$s";

    /** {@code cast(§ as text)}, which is the same as {@code § :: text}. */
    private static final Pattern CAST =
            Pattern.compile("cast \\( (§|excluded \\. [\\w\"]+) as ([a-z][a-z0-9 ]*?(?: \\( [\\d ,]+\\))?) \\)");

    /**
     * What is hardly meant.
     *
     * @param types  those of the column, as {@code pg_type} names them
     * @param value  the whole value, its tokens with a blank between them, and {@code §} for a path
     * @param advice what is wrong, and what to do; %s is the path
     */
    private record Rule(Pattern types, Pattern value, String advice) {
        Rule(String types, String value, String advice) {
            this(Pattern.compile(types), Pattern.compile(value), advice);
        }
    }

    private static final List<Rule> RULES = List.of(
            new Rule(
                    NUMBER,
                    "(?!floor|trunc|div)(?:.*[(,] )?(?<path>§" + INTEGER + "|coalesce \\( § , " + DIGITS + " \\)) / "
                            + DIGITS + "(?: [),].*)?",
                    "integers are divided here, and what remains is dropped: 1999 / 100 is 19; write %s::numeric"),
            new Rule(
                    "_.*",
                    "array \\[ (?<path>§) \\]",
                    "a list of the record becomes an array by itself, and this makes one element of it; write %s"),
            new Rule(
                    "jsonb?",
                    "to_jsonb? \\( (?<path>§) :: text \\)",
                    "this makes a string of what is an object or a list; a path becomes JSON by itself: write %s"),
            new Rule(
                    TEXT,
                    "\\(? ?(?<path>§)(?: :: jsonb?)? ?\\)? - > '[^']*'",
                    "-> leaves a text in its double quotes; write ->>, or go on with the path: %s.name"),
            new Rule(
                    "timestamptz",
                    "\\(? ?(?<path>§) ?\\)? :: timestamp(?: without time zone)?",
                    "timestamp drops the time zone, so the time becomes another; write %s"),
            new Rule(TIME, VALUE + " :: date", "date drops the time of the day; write %s"),
            new Rule(
                    ".*",
                    ".*\\( (?<path>§).* , '[^']*hh(?:12|24)?:mm.*'.*",
                    "MM is the month, also behind HH: write HH24:MI:SS, or let PostgreSQL read the time as it is: %s"),
            new Rule(
                    "text|varchar",
                    VALUE
                            + " :: (?:char|character|bpchar \\(.*|char(?:acter)? \\(.*|(?:varchar|character varying) \\(.*)",
                    CAST_PART),
            new Rule(
                    "text|varchar",
                    "(?!substr(?:ing)? \\( § , [\\d ]+\\))(?:left|substr|substring) \\( (?<path>§) (?:, (?:1 , )?[1-9]|(?:from 1 )?for \\d)[\\d ]*\\)",
                    PART),
            new Rule(
                    NUMBER,
                    VALUE + " :: " + "(?:smallint|int|integer|bigint|int[248])",
                    "an integer has no fraction; write %s"),
            new Rule(
                    "int8",
                    VALUE + " :: " + "(?:smallint|int|integer|int[24])",
                    "this cast refuses what has more than 4 bytes (SQLSTATE 22003); write %s"),
            new Rule(
                    "numeric|float8",
                    VALUE + " :: " + "(?:real|float4)",
                    "real keeps six digits, and 1234567.89 becomes 1234570; write %s"));

    /** Reports each as a warning. */
    void run() throws SQLException {
        new SwappedValues(statement, table, findings).run();
        for (WrittenValue written : WrittenValue.of(statement, table)) {
            Range value = written.value();
            String advice = advice(written.column(), statement.tokens().subList(value.from(), value.to()));
            if (advice == null) {
                numbers.check(written);
            } else {
                findings.warning(Finding.VALUE, statement.position(value.from()), advice);
            }
        }
    }

    private String advice(TargetTable.Column column, List<TemplateToken> tokens) {
        String only = tokens.size() == 1 ? tokens.get(0).text() : "";
        if (only.startsWith("'")) {
            return ofConstant(only, only.substring(1, only.length() - 1));
        }
        List<String> path = tokens.size() == 1 ? tokens.get(0).path() : null;
        if (path != null && path.get(0).equals("changes") && path.size() > 1 && !paths.isConsume()) {
            String last = path.get(path.size() - 1);
            return last.equalsIgnoreCase(column.name())
                    ? only + " is the value before the change; write :#record." + Paths.quoted(last)
                    : null;
        }
        String text = tokens.stream()
                .map(token -> token.path() == null ? token.text().toLowerCase(Locale.ROOT) : "§")
                .collect(Collectors.joining(" "));
        text = CAST.matcher(text).replaceAll("$1 :: $2");
        boolean hasLimit = column.type().startsWith("char") && column.type().contains("(");
        String type = column.baseType() + (hasLimit ? "(n)" : "");
        for (Rule rule : RULES) {
            Matcher value = rule.value.matcher(text);
            if (rule.types.matcher(type).matches() && value.matches()) {
                if (!value.group("path").contains("§")) {
                    return rule.advice.formatted(value.group("path").replace(" ", ""));
                }
                int before = (int) text.substring(0, value.start("path"))
                        .chars()
                        .filter(c -> c == '§')
                        .count();
                TemplateToken found = tokens.stream()
                        .filter(token -> token.path() != null)
                        .skip(before)
                        .findFirst()
                        .orElseThrow();
                boolean isOfKey = Set.of(PART, CAST_PART).contains(rule.advice) && isKey(column);
                return isOfKey || isRight(rule, column, found) ? null : rule.advice.formatted(found.text());
            }
        }
        return null;
    }

    /** Whether it is one of the key, whose parts are tried. */
    private boolean isKey(TargetTable.Column column) {
        return statement.keyColumns().contains(column.name());
    }

    /** Whether a path may well be one element of an array, by its name, or a part of it what another column is for. */
    private static boolean isRight(Rule rule, TargetTable.Column column, TemplateToken path) {
        String last = path.path().get(path.path().size() - 1);
        return (rule.types.pattern().equals("_.*") && !path.text().matches(".*[^siu]s\"?"))
                || (rule.advice.equals(PART) && !last.equalsIgnoreCase(column.name()));
    }

    /** What somebody meant who wrote the name of a value in quotes. */
    private String ofConstant(String constant, String inner) {
        String column = inner.startsWith("excluded.") ? inner.substring("excluded.".length()) : "";
        boolean isPath = paths.isPath(inner);
        return table.column(column) == null && !isPath
                ? null
                : constant + " is a constant, the same for every record; write " + (isPath ? ":#" : "") + inner;
    }
}
