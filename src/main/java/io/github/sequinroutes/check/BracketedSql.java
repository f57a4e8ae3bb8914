package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A part of a template with the brackets that the parser needs where PostgreSQL does without: it reads {@code a <= b is not null}
 * as {@code (a <= b) is not null}.
 */
final class BracketedSql {
    private static final Set<String> COMPARISONS = Set.of("<", "<=", "=", ">=", ">", "<>", "!=");
    private static final Set<String> TESTS = Set.of("is", "isnull", "notnull");
    private static final Set<String> BEFORE_OPERANDS =
            Set.of("and", "or", "not", "where", "when", "then", "else", "case", "on", ",");
    private static final String OPERATOR = "[-+*/<>=~!@#%^&|?]+";

    private final List<TemplateToken> tokens;
    private final int from;
    /** What is inserted before places of the text. */
    private final TreeMap<Integer, String> inserted = new TreeMap<>();
    /** Where these brackets stand in the new text. */
    private final TreeSet<Integer> places = new TreeSet<>();

    private final String text;

    /** With the text of a part, whose places are those of the file, counted from its first token. */
    BracketedSql(SqlStatement statement, Range range, String text) {
        tokens = statement.tokens();
        from = range.from();
        int start = statement.position(from);
        for (int test = range.from(); test < range.to(); test++) {
            if (TESTS.stream().anyMatch(tokens.get(test)::is)) {
                int first = firstCompared(test);
                if (first >= 0) {
                    inserted.merge(tokens.get(first).start() - start, "(", String::concat);
                    inserted.merge(tokens.get(test - 1).end() - start, ")", String::concat);
                }
            }
        }
        StringBuilder all = new StringBuilder(text);
        inserted.descendingMap().forEach(all::insert);
        this.text = all.toString();
        int shift = 0;
        for (var one : inserted.entrySet()) {
            for (int i = 0; i < one.getValue().length(); i++) {
                places.add(one.getKey() + shift++);
            }
        }
    }

    /** Where the comparison begins that is what is asked of here, or -1 if there is none. */
    private int firstCompared(int test) {
        int depth = 0;
        boolean isComparison = false;
        int first = test;
        while (first > from && depth >= 0) {
            TemplateToken before = tokens.get(first - 1);
            depth += before.is(")") || before.is("]") ? 1 : before.is("(") || before.is("[") ? -1 : 0;
            if (depth < 0 || (depth == 0 && BEFORE_OPERANDS.stream().anyMatch(before::is))) {
                break;
            }
            isComparison |= depth == 0 && COMPARISONS.contains(operator(first - 1));
            first--;
        }
        return isComparison ? first : -1;
    }

    /** The operator of which a token is the last character, or what else it is. */
    private String operator(int token) {
        String text = tokens.get(token).text();
        boolean goesOn = token + 1 < tokens.size()
                && tokens.get(token + 1).text().matches(OPERATOR)
                && tokens.get(token + 1).start() == tokens.get(token).end();
        if (goesOn) {
            return "";
        }
        for (int at = token;
                at > from
                        && tokens.get(at).text().matches(OPERATOR)
                        && tokens.get(at - 1).text().matches(OPERATOR)
                        && tokens.get(at - 1).end() == tokens.get(at).start();
                at--) {
            text = tokens.get(at - 1).text() + text;
        }
        return text;
    }

    String text() {
        return text;
    }

    /** The place in the text that was given of one in the new text. */
    int place(int place) {
        return place - places.headSet(place).size();
    }
}
