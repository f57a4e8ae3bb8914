package io.github.sequinroutes.template;

import java.util.ArrayList;
import java.util.List;

/** Splits a template into tokens: paths, comments, whitespace, and PostgreSQL's own constants and identifiers. */
final class TemplateLexer {
    private final String file;
    private final String text;
    private int position;

    /** At the beginning of a template; the file's name is for errors. */
    TemplateLexer(String file, String text) {
        this.file = file;
        this.text = text;
    }

    boolean isAtEnd() {
        return position >= text.length();
    }

    /** Where it is in the text. */
    int position() {
        return position;
    }

    /** Skips this token if it stands here. */
    boolean skip(String token) {
        boolean here = text.startsWith(token, position);
        position += here ? token.length() : 0;
        return here;
    }

    /** Skips whitespace if there is some here. */
    boolean skipWhitespace() {
        int begin = position;
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position > begin;
    }

    /** Skips a comment if one begins here. */
    boolean skipComment() {
        if (text.startsWith("--", position)) {
            // PostgreSQL ends it at either, whatever the lines of the file end with
            while (position < text.length() && text.charAt(position) != '\n' && text.charAt(position) != '\r') {
                position++;
            }
            return true;
        }
        if (!text.startsWith("/*", position)) {
            return false;
        }
        int begin = position;
        int depth = 0;
        do {
            if (skip("/*")) {
                depth++;
            } else if (skip("*/")) {
                depth--;
            } else if (position++ >= text.length()) {
                throw errorAt(begin, "this comment has no end");
            }
        } while (depth > 0);
        return true;
    }

    /** Whether PostgreSQL's own kind of parameter is here, such as {@code $1}. */
    boolean isNumberedParameter() {
        return text.startsWith("$", position)
                && position + 1 < text.length()
                && Character.isDigit(text.charAt(position + 1));
    }

    /** Skips a string constant, a quoted identifier, a word, or else one character. */
    void skipConstantOrOther() {
        char c = text.charAt(position);
        if (c == '\'') {
            skipQuoted('\'', isEscapeString(position));
        } else if (c == '"') {
            skipQuoted('"', false);
        } else if (c == '$' && dollarTag() != null) {
            String tag = dollarTag();
            int end = text.indexOf(tag, position + tag.length());
            if (end < 0) {
                throw errorAt(position, "the string constant quoted with " + tag + " has no end");
            }
            position = end + tag.length();
        } else if (Character.isJavaIdentifierStart(c)) {
            // whole words, so that the $ in a$b$c does not look like a quote
            while (position < text.length() && Character.isJavaIdentifierPart(text.charAt(position))) {
                position++;
            }
        } else if (!skip("::")) {
            position++;
        }
    }

    /** Whether the string constant whose quote is there is written as {@code E'...'}. */
    boolean isEscapeString(int quote) {
        boolean e = quote > 0 && Character.toLowerCase(text.charAt(quote - 1)) == 'e';
        return e && (quote == 1 || !Character.isJavaIdentifierPart(text.charAt(quote - 2)));
    }

    private void skipQuoted(char quote, boolean escapes) {
        int begin = position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            boolean doubled = c == quote && text.startsWith(String.valueOf(quote), position);
            if (doubled || (c == '\\' && escapes)) {
                position++;
            } else if (c == quote) {
                return;
            }
        }
        int escaped = text.indexOf("\\'");
        if (quote == '\'' && escaped >= 0 && escaped < begin) {
            throw errorAt(escaped, "a quote in a string constant is written twice: '' instead of \\'");
        }
        throw errorAt(begin, (quote == '"' ? "the quoted identifier" : "the string constant") + " has no end");
    }

    /** The opening quote {@code $tag$} at this position, or null. */
    private String dollarTag() {
        int end = position + 1;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        boolean digit = Character.isDigit(text.charAt(Math.min(position + 1, text.length() - 1)));
        boolean isTag = end < text.length() && text.charAt(end) == '$' && !digit;
        return isTag ? text.substring(position, end + 1) : null;
    }

    /** Reads {@code a.b.c}; a name with other characters than letters, digits, _ and $ stands in double quotes. */
    List<String> readPath() {
        List<String> path = new ArrayList<>();
        do {
            if (!path.isEmpty()) {
                position++;
            }
            path.add(readName());
        } while (position + 1 < text.length() && text.charAt(position) == '.' && startsName(position + 1));
        return List.copyOf(path);
    }

    private boolean startsName(int at) {
        return Character.isJavaIdentifierPart(text.charAt(at)) || text.charAt(at) == '"';
    }

    private String readName() {
        int begin = position;
        if (begin < text.length() && text.charAt(begin) == '"') {
            skipQuoted('"', false);
            return text.substring(begin + 1, position - 1).replace("\"\"", "\"");
        }
        while (position < text.length() && Character.isJavaIdentifierPart(text.charAt(position))) {
            position++;
        }
        if (position == begin) {
            throw errorAt(begin, "a path must follow ':#', such as :#data.plan.id");
        }
        return text.substring(begin, position);
    }

    private TemplateException errorAt(int at, String problem) {
        return new TemplateException(file, text, at, problem);
    }
}
