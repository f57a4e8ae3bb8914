package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what was meant as a path, in the spelling of other tools. */
record SpellingCheck(SqlStatement statement, Paths paths, Findings findings) {
    private static final Pattern QUOTED = Pattern.compile(":#[A-Za-z_][\\w.$]*");
    /** Before a value, and not before an operator. */
    private static final Set<String> BEFORE_VALUE = Set.of(
            "(", ",", "=", "<", ">", "+", "*", "/", "values", "select", "where", "and", "or", "not", "in", "then",
            "else", "when", "set", "like", "on");

    private static final Set<String> AFTER_VALUE =
            Set.of(")", ",", "::", "and", "or", "then", "else", "end", "where", "on");

    /** Reports each. */
    void run() {
        int brackets = 0;
        for (int i = 0; i < statement.tokens().size(); i++) {
            TemplateToken token = statement.tokens().get(i);
            brackets += token.is("[") ? 1 : token.is("]") ? -1 : 0;
            if (token.path() != null) {
                checkEnd(i);
                checkFlag(i);
            } else if (token.is(":") && isWordBehind(i) && brackets == 0) {
                isNoPath(token, ":%s", words(i + 1));
            } else if (token.is(":") && is(i + 1, "#") && isWord(i + 2)) {
                findings.error(token.start(), "a path begins with :# and no blank in it; write :#" + words(i + 2));
            } else if (token.is("?") && isPlaceholder(i)) {
                findings.error(
                        token.start(),
                        "? stands for no value here; write the path of the value, such as " + paths.example());
            } else if ((token.is("$") || token.is("#")) && is(i + 1, "{")) {
                isNoPath(token, token.text() + "{%s}", words(i + 2));
            } else if (token.is("{") && is(i + 1, "{") && !is(i - 1, "$")) {
                isNoPath(token, "{{%s}}", words(i + 2));
            } else if (token.text().matches("(?s)['\"].*|\\$.*\\$")) {
                checkQuoted(token);
            }
        }
    }

    private void isNoPath(TemplateToken token, String spelling, String name) {
        findings.error(token.start(), spelling.formatted(name) + " is no path; write " + paths.likely(name));
    }

    private void checkQuoted(TemplateToken token) {
        int quote = token.text().startsWith("$") ? token.text().indexOf('$', 1) + 1 : 1;
        String inner = token.text().substring(quote, token.text().length() - quote);
        Matcher path = QUOTED.matcher(inner);
        if (path.find()) {
            findings.error(
                    Finding.QUOTED_PATH,
                    token.start(),
                    token.text() + " is a constant, in which " + path.group() + " is no path; write " + path.group()
                            + " without quotes"
                            + (path.group().equals(inner) ? "" : ", joined by ||"));
        }
    }

    /** {@code :#deleted = 'TRUE'}, a comparison of texts. */
    private void checkFlag(int i) {
        int equals = is(i + 1, "::") && is(i + 2, "text") ? i + 3 : i + 1;
        boolean isNever = paths.isConsume()
                && statement.tokens().get(i).path().equals(List.of("deleted"))
                && is(equals, "=")
                && statement.text(equals + 1).matches("'(?!true'|false').*'");
        if (isNever) {
            findings.error(
                    Finding.LOST_DELETES,
                    statement.tokens().get(i).start(),
                    "this compares texts, and :#deleted is 'true' or 'false', never " + statement.text(equals + 1)
                            + "; write :#deleted alone");
        }
    }

    /** What continues a path as other languages would. */
    private void checkEnd(int i) {
        TemplateToken path = statement.tokens().get(i);
        if (!statement.touches(i)) {
            return;
        }
        TemplateToken next = statement.tokens().get(i + 1);
        boolean isWord = statement.touches(i + 1) && isWord(i + 2) && !is(i + 3, "(") && !is(i + 3, ".");
        if (next.is("-") && isWord) {
            List<String> names = path.path();
            StringBuilder last = new StringBuilder(names.get(names.size() - 1));
            int at = i + 1;
            while (is(at, "-") && isWord(at + 1)) {
                last.append('-').append(statement.text(at + 1));
                at += 2;
            }
            String right = Paths.text(names.subList(0, names.size() - 1), last.toString());
            findings.error(
                    path.start(),
                    path.text() + "-" + statement.text(i + 2) + " is a subtraction; a name with a hyphen stands in"
                            + " quotes: " + right + "; or put blanks around the -");
        } else if (next.is("[")) {
            checkBrackets(i);
        } else if (next.is(".") && !statement.touches(i + 1) && isWord(i + 2)) {
            findings.error(path.start(), "a path has no blank in it; write " + path.text() + "." + words(i + 2));
        } else if (next.is("?") && is(i + 2, ".")) {
            findings.error(
                    path.start(),
                    "a path needs no ?, since one that leads nowhere is null; write " + path.text() + "."
                            + words(i + 3));
        } else {
            checkArrows(i);
        }
    }

    /** {@code :#data.customer->id}, whose last name would be a column. */
    private void checkArrows(int i) {
        StringBuilder right = new StringBuilder(statement.text(i));
        int at = i + 1;
        while (is(at, "-") && is(at + 1, ">")) {
            int name = is(at + 2, ">") ? at + 3 : at + 2;
            if (!isWord(name)) {
                return; // an operator of JSON, with a constant behind it
            }
            right.append('.').append(statement.text(name));
            at = name + 1;
        }
        if (at > i + 1) {
            findings.error(
                    statement.tokens().get(i).start(),
                    "a path goes on with a dot, and with no arrow; write " + right.toString());
        }
    }

    private void checkBrackets(int i) {
        StringBuilder right = new StringBuilder(statement.text(i));
        StringBuilder wrong = new StringBuilder(right);
        int at = i + 1;
        while (is(at, "[") && is(at + 2, "]")) {
            String inner = statement.text(at + 1).replaceAll("^['\"]|['\"]$", "");
            right.append('.').append(Paths.quoted(inner));
            wrong.append('[').append(statement.text(at + 1)).append(']');
            at += 3;
            while (is(at, ".") && isWord(at + 1)) {
                right.append('.').append(statement.text(at + 1));
                wrong.append('.').append(statement.text(at + 1));
                at += 2;
            }
        }
        findings.error(
                statement.tokens().get(i).start(),
                at == i + 1
                        ? "a path has no brackets; write the number of an element as a name: " + right + ".0"
                        : wrong + " has brackets, and a path has none; write " + right);
    }

    private boolean isPlaceholder(int i) {
        boolean isBefore = i == 0 || BEFORE_VALUE.contains(statement.text(i - 1).toLowerCase(Locale.ROOT));
        boolean isLast = i + 1 == statement.tokens().size();
        return (isBefore && !is(i - 1, "?"))
                || isLast
                || AFTER_VALUE.contains(statement.text(i + 1).toLowerCase(Locale.ROOT));
    }

    private boolean isWordBehind(int i) {
        return statement.touches(i) && isWord(i + 1) && !is(i - 1, ":");
    }

    private String words(int from) {
        return statement.words(from, ".");
    }

    private boolean isWord(int token) {
        return statement.isWord(token);
    }

    private boolean is(int token, String text) {
        return statement.is(token, text);
    }
}
