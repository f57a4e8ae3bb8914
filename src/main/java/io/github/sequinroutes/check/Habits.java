package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;

/** What to write instead of what is right in other languages and tools, where PostgreSQL refuses it. */
record Habits(SqlStatement statement, Paths paths) {
    /** How far from a habit PostgreSQL may have noticed it, in tokens. */
    private static final int NEAR = 6;

    /** The advice for what stands at a token, or shortly before; empty if there is none. */
    String advice(int token) {
        for (int at = Math.min(token, statement.tokens().size() - 1); at >= Math.max(0, token - NEAR); at--) {
            String advice = text(at);
            if (advice != null) {
                return "; " + advice;
            }
        }
        return isTrailing(token) ? "; the comma before it is one too many: leave it out" : "";
    }

    private String text(int at) {
        TemplateToken token = statement.tokens().get(at);
        String certain = certain(at);
        if (certain != null) {
            return certain;
        } else if (token.text().contains("`")) {
            return "a name stands in double quotes, or in none";
        } else if (token.text().matches("[\u2018\u2019\u201c\u201d].*|.*[\u2018\u2019\u201c\u201d]")) {
            return "a text stands in straight single quotes: 'x'";
        } else if (is(at, "%") && is(at + 1, "(") && isWord(at + 2)) {
            return path(statement.text(at + 2));
        } else if (is(at, "%") && is(at + 1, ">")) {
            int from = at; // PostgreSQL notices it at its end
            while (from > 0 && (isWord(from - 1) || is(from - 1, "."))) {
                from--;
            }
            return path(words(from));
        } else if (is(at, "<") && is(at + 1, "%")) {
            return path(words(at + 3));
        } else if (is(at, ":") && touches(at) && statement.text(at + 1).matches("'\\w+'")) {
            return path(statement.text(at + 1).replace("'", ""));
        } else if (at == 0 && is(at, "#") && !is(at + 1, "{")) {
            return "a comment begins with --";
        } else if ((is(at, "@") || is(at, "#")) && touches(at) && isWord(at + 1) && !isValue(at - 1)) {
            return path(words(at + 1));
        } else if (is(at, "::") && is(at + 1, "#") && isWord(at + 2)) {
            return "a path begins with one colon: " + paths.likely(words(at + 2));
        } else if (at == 0 && isPrompt()) {
            return "leave out the prompt of psql, " + token.text() + "=#, in each line";
        } else if (token.path() != null && afterPath(at) != null) {
            return afterPath(at);
        } else if (token.path() != null && is(at + 1, "/") && touches(at) && touches(at + 1) && isWord(at + 2)) {
            return "the names of a path are joined by dots: " + token.text() + "." + statement.words(at + 2, "/");
        } else if (token.path() != null && is(at + 1, ".") && is(at + 2, ".") && isWord(at + 3)) {
            return "one dot stands between the names of a path: " + token.text() + "." + words(at + 3);
        } else if (token.path() != null
                && is(at + 1, ".")
                && statement.text(at + 2).startsWith("'")) {
            String name = statement.text(at + 2).replaceAll("^'|'$", "");
            return "a name with a blank stands in double quotes: " + Paths.text(token.path(), name);
        } else if (is(at, "do") && is(at + 1, "update") && isWord(at + 2) && !is(at + 2, "set")) {
            return "the table is known here: write do update set";
        } else if (is(at, "=") && is(at + 1, "=") && touches(at)) {
            return "equality is written =";
        } else if (is(at, "conflict") && isWord(at + 1) && !is(at + 1, "do") && !is(at + 1, "on")) {
            return "the columns of the key stand in brackets: on conflict (" + statement.text(at + 1) + ")";
        }
        return null;
    }

    /** What goes on behind a path as in other languages; or null. */
    private String afterPath(int at) {
        String path = statement.text(at);
        if (!is(at + 1, ".") || !touches(at)) {
            return null;
        } else if (is(at + 2, "*")) {
            String name = is(at + 3, ".") && isWord(at + 4) ? "." + words(at + 4) : "";
            return "a path leads to one element, by its number, such as " + path + ".0" + name
                    + "; a function such as jsonb_array_elements(" + path + ") takes them all";
        } else if (is(at + 2, "-")) {
            return "elements are counted from the first, which is 0: " + path + ".0";
        }
        boolean goesOn =
                touches(at + 1) && (isWord(at + 2) || statement.text(at + 2).matches("[\"'.].*"));
        return goesOn ? null : "leave out the dot at the end of " + path;
    }

    /** Whether it begins with what psql shows before a line. */
    private boolean isPrompt() {
        return isWord(0) && touches(0) && (is(1, "=") || is(1, "-")) && touches(1) && (is(2, "#") || is(2, ">"));
    }

    /** The advice for what begins at a token, and no PostgreSQL takes, whatever its extensions; null if there is none. */
    String certain(int at) {
        if (isRow(at, 3, "`")) {
            return "leave out the line with ```";
        } else if (isRow(at, 7, "<") || isRow(at, 7, "=") || isRow(at, 7, ">")) {
            return "a merge left both versions here; keep one, and leave out the lines with <<<, === and >>>";
        } else if (is(at, "on") && is(at + 1, "duplicate")) {
            return "PostgreSQL has on conflict (id) do update set … = excluded.… for this";
        } else if ((is(at, "replace") && is(at + 1, "into")) || (is(at, "insert") && is(at + 1, "or"))) {
            return "PostgreSQL has insert into … on conflict (id) do update set … for this";
        }
        return null;
    }

    private String path(String name) {
        return "a value is named by its path: " + (name.isEmpty() ? paths.example() : paths.likely(name));
    }

    private String words(int from) {
        return statement.words(from, ".");
    }

    private boolean isTrailing(int token) {
        boolean isEnd = token >= statement.tokens().size()
                || is(token, ")")
                || is(token, "where")
                || is(token, "on")
                || is(token, "values");
        return isEnd && is(token - 1, ",");
    }

    private boolean isRow(int from, int count, String text) {
        for (int at = from; at < from + count; at++) {
            if (!is(at, text)) {
                return false;
            }
        }
        return true;
    }

    private boolean isValue(int at) {
        return at >= 0
                && (statement.tokens().get(at).path() != null
                        || statement.tokens().get(at).name() != null
                        || is(at, ")"))
                && !is(at, "and")
                && !is(at, "where")
                && !is(at, "select");
    }

    private boolean isWord(int at) {
        return statement.isWord(at);
    }

    private boolean touches(int at) {
        return statement.touches(at);
    }

    private boolean is(int at, String text) {
        return statement.is(at, text);
    }
}
