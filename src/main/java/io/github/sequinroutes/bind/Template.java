package io.github.sequinroutes.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A template: one PostgreSQL statement in which {@code :#a.b.c} stands for the value at that path of a record.
 * Everything else is PostgreSQL's: operators such as {@code ?} and {@code #>>}, casts, comments and quoted text, in
 * which {@code :#} means nothing.
 */
public final class Template {
    private static final Pattern ESCAPE_OR_DOUBLED_QUOTE = Pattern.compile("[\\\\'](.)", Pattern.DOTALL);

    private final String file;
    private final String text;
    private final StringBuilder sql = new StringBuilder();
    private final List<List<String>> paths = new ArrayList<>();
    /** Pairs of positions: in the statement as the server sees it, and in the file. */
    private final List<int[]> marks = new ArrayList<>();

    private int serverLength;
    private int position;

    /**
     * Reads a template.
     *
     * @param file the file's name, for errors
     * @param text the file's content
     * @throws TemplateException if it is not one statement with at least one path
     */
    public Template(String file, String text) {
        this.file = file;
        this.text = text;
        boolean ended = false;
        while (position < text.length()) {
            int token = position;
            marks.add(new int[] {serverLength, token});
            if (skipComment()) {
                append(" ", 1);
            } else if (skipWhitespace()) {
                append(token); // as it is: a line break joins two quoted texts into one
            } else if (ended) {
                throw errorAt(position, "a template is one statement; nothing may follow the ';'");
            } else if (text.charAt(position) == ';') {
                ended = true;
                position++;
            } else if (text.startsWith(":#", position)) {
                paths.add(readPath());
                append("?", ("$" + paths.size()).length());
            } else if (text.charAt(position) == '?') {
                position++;
                append("??", 1); // JDBC's spelling of the operator
            } else {
                skipQuotedOrOther();
                append(token);
            }
        }
        if (paths.isEmpty()) {
            throw errorAt(0, "a template needs at least one path, such as :#id");
        }
    }

    /** The statement for JDBC, with a {@code ?} for each path. */
    public String sql() {
        return sql.toString();
    }

    /** The path of each {@code ?}, in order. */
    public List<List<String>> paths() {
        return paths;
    }

    /** The file it was read from. */
    public String file() {
        return file;
    }

    /** An error that the server found at a position of the statement, counted from 1, or 0 if it names none. */
    TemplateException error(int serverPosition, String problem) {
        int at = 0;
        for (int[] mark : marks) {
            if (mark[0] < serverPosition) {
                int behind = Math.min(serverPosition - 1 - mark[0], text.codePointCount(mark[1], text.length()));
                at = text.offsetByCodePoints(mark[1], behind);
            }
        }
        return errorAt(at, problem);
    }

    /** Appends what the file says from there to the position. */
    private void append(int from) {
        String token = text.substring(from, position);
        boolean escapes = token.startsWith("'") && isEscapeString(from);
        append(escapes ? withoutDoubledQuotes(token) : token, token.codePointCount(0, token.length()));
    }

    /** {@code E'it''s'} as {@code E'it\'s'}: the driver takes a doubled quote for the end of the escapes. */
    private static String withoutDoubledQuotes(String quoted) {
        String inner = quoted.substring(1, quoted.length() - 1);
        return "'" + ESCAPE_OR_DOUBLED_QUOTE.matcher(inner).replaceAll("\\\\$1") + "'";
    }

    private void append(String jdbc, int lengthAtServer) {
        sql.append(jdbc);
        serverLength += lengthAtServer;
    }

    private boolean skipWhitespace() {
        int begin = position;
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position > begin;
    }

    private boolean skipComment() {
        if (text.startsWith("--", position)) {
            int end = text.indexOf('\n', position);
            position = end < 0 ? text.length() : end;
            return true;
        }
        if (!text.startsWith("/*", position)) {
            return false;
        }
        int begin = position;
        int depth = 0;
        do {
            if (text.startsWith("/*", position)) {
                depth++;
                position += 2;
            } else if (text.startsWith("*/", position)) {
                depth--;
                position += 2;
            } else if (position++ >= text.length()) {
                throw errorAt(begin, "this comment has no end");
            }
        } while (depth > 0);
        return true;
    }

    private void skipQuotedOrOther() {
        char c = text.charAt(position);
        if (c == '\'') {
            skipQuoted('\'', isEscapeString(position));
        } else if (c == '"') {
            skipQuoted('"', false);
        } else if (c == '$' && dollarTag() != null) {
            String tag = dollarTag();
            int end = text.indexOf(tag, position + tag.length());
            if (end < 0) {
                throw errorAt(position, "the text quoted with " + tag + " has no end");
            }
            position = end + tag.length();
        } else if (Character.isJavaIdentifierStart(c)) {
            // whole words, so that the $ in a$b$c does not look like a quote
            while (position < text.length() && Character.isJavaIdentifierPart(text.charAt(position))) {
                position++;
            }
        } else if (c == ':' && text.startsWith("::", position)) {
            position += 2;
        } else {
            position++;
        }
    }

    /** Whether the text that is quoted from there is written as {@code E'...'}. */
    private boolean isEscapeString(int quote) {
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
        throw errorAt(begin, "the text quoted with " + quote + " has no end");
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

    /** Reads {@code :#a.b.c}; a name with other characters than letters, digits, _ and $ stands in double quotes. */
    private List<String> readPath() {
        position += 2;
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
