package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.sf.jsqlparser.expression.JdbcNamedParameter;

/**
 * A part of a template as the parser needs it: each path is a named parameter, constants have nothing odd in them, and brackets
 * stand where PostgreSQL does without, which reads {@code a <= b is not null} as {@code (a <= b) is not null}, and does not read
 * {@code a in (b) or c} as {@code a in ((b) or c)}.
 */
final class ParserSql {
    private static final Set<String> COMPARISONS = Set.of("<", "<=", "=", ">=", ">", "<>", "!=");
    private static final Set<String> BEFORE_OPERANDS =
            Set.of("and or not where when then else case on select having ,".split(" ", -1));
    private static final String OPERATOR = "[-+*/<>=~!@#%^&|?]+";

    private final SqlStatement statement;
    private final Range range;
    private final Map<String, List<String>> paths = new HashMap<>();
    /** How many brackets are opened before tokens, and closed behind them. */
    private final Map<Integer, Integer> opened = new HashMap<>();

    private final Map<Integer, Integer> closed = new HashMap<>();
    /** Where these brackets stand in the text. */
    private final TreeSet<Integer> places = new TreeSet<>();

    private final StringBuilder text = new StringBuilder();

    ParserSql(SqlStatement statement, Range range) {
        this.statement = statement;
        this.range = range;
        for (int at = range.from(); at < range.to(); at++) {
            if (statement.is(at, "is") || statement.is(at, "isnull") || statement.is(at, "notnull")) {
                int first = firstOperand(at, false);
                boolean isComparison = false;
                for (int token = first, depth = 0; token < at; token++) {
                    depth += nesting(token);
                    isComparison |= depth == 0 && COMPARISONS.contains(operator(token));
                }
                bracket(isComparison ? first : at, at);
            } else if (statement.is(at, "in") && statement.is(at + 1, "(")) {
                int end = statement.is(at - 1, "not") ? at - 1 : at;
                TokenCursor cursor = new TokenCursor(statement.tokens(), at + 1);
                cursor.next();
                int first = firstOperand(end, true);
                bracket(first < end ? first : cursor.at, Math.min(cursor.at, range.to()));
            }
        }
        write();
    }

    private int nesting(int token) {
        return statement.is(token, "(") || statement.is(token, "[")
                ? 1
                : statement.is(token, ")") || statement.is(token, "]") ? -1 : 0;
    }

    private void bracket(int from, int to) {
        if (from < to) {
            opened.merge(from, 1, Integer::sum);
            closed.merge(to - 1, 1, Integer::sum);
        }
    }

    /** Where begins what ends before a token; a comparison is one operand, or two. */
    private int firstOperand(int end, boolean isSide) {
        int depth = 0;
        int first = end;
        while (first > range.from()) {
            int before = first - 1;
            depth -= nesting(before);
            boolean isEnd = depth < 0
                    || (depth == 0 && BEFORE_OPERANDS.stream().anyMatch(word -> statement.is(before, word)))
                    || (depth == 0 && isSide && COMPARISONS.contains(operator(before)));
            if (isEnd) {
                break;
            }
            first--;
        }
        return first;
    }

    /** The operator of which a token is the last character, or what else it is. */
    private String operator(int token) {
        if (isOperator(token) && isOperator(token + 1) && touches(token)) {
            return "";
        }
        StringBuilder operator = new StringBuilder(statement.text(token));
        for (int at = token; at > range.from() && isOperator(at) && isOperator(at - 1) && touches(at - 1); at--) {
            operator.insert(0, statement.text(at - 1));
        }
        return operator.toString();
    }

    private boolean isOperator(int token) {
        return token < statement.tokens().size() && statement.text(token).matches(OPERATOR);
    }

    private boolean touches(int token) {
        return statement.tokens().get(token).end() == statement.position(token + 1);
    }

    /** But for the brackets all has the length and the place that it has in the file. */
    private void write() {
        int start = statement.position(range.from());
        for (int at = range.from(); at < range.to(); at++) {
            TemplateToken token = statement.tokens().get(at);
            if (at > range.from() && statement.is(at - 1, "select") && token.is("from")) {
                text.append('*'); // the parser knows no select of nothing
            }
            text.append(" ".repeat(token.start() - start - text.length() + places.size()));
            write("(", opened.getOrDefault(at, 0));
            text.append(masked(token));
            write(")", closed.getOrDefault(at, 0));
        }
    }

    private void write(String bracket, int count) {
        for (int i = 0; i < count; i++) {
            places.add(text.length());
            text.append(bracket);
        }
    }

    private String masked(TemplateToken token) {
        String text = token.text();
        int length = text.length();
        if (token.path() != null) {
            String name = "p" + text.substring(2).replaceAll("[^A-Za-z0-9_]", "_");
            paths.put(name, token.path());
            return ":" + name;
        }
        boolean isPrefix =
                text.equalsIgnoreCase("e") && statement.template().text().startsWith("'", token.end());
        boolean isOdd = (text.startsWith("'") && !text.matches("'[\\w -]*'")) || (text.startsWith("$") && length > 1);
        return isPrefix ? " " : isOdd ? "'" + "?".repeat(length - 2) + "'" : text;
    }

    String text() {
        return text.toString();
    }

    /** The place in the file of one in the text. */
    int position(int place) {
        return statement.position(range.from()) + place - places.headSet(place).size();
    }

    /** The paths by the names of their parameters. */
    Map<String, List<String>> paths() {
        return paths;
    }

    /** The path that a parameter stands for. */
    List<String> path(JdbcNamedParameter parameter) {
        return paths.get(parameter.getName());
    }
}
