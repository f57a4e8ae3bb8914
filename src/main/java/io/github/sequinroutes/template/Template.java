package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A template: one PostgreSQL statement in which {@code :#a.b.c} stands for the value at that path of a record.
 * Everything else is PostgreSQL's: operators such as {@code ?} and {@code #>>}, casts, comments, string constants and quoted
 * identifiers, in which {@code :#} means nothing.
 */
public final class Template {
    private static final String NO_PATH = "a template needs at least one path, such as :#id";

    private static final Pattern ESCAPE_OR_DOUBLED_QUOTE = Pattern.compile("[\\\\'](.)", Pattern.DOTALL);

    private final String file;
    private final String text;
    private final StringBuilder sql = new StringBuilder();
    private final List<List<String>> paths = new ArrayList<>();
    /** Pairs of positions: in the statement as the server sees it, and in the file. */
    private final List<int[]> marks = new ArrayList<>();

    private int serverLength;

    /**
     * Reads a template.
     *
     * @param file the file's name, for errors
     * @param text the file's content
     * @throws TemplateException if it is not one statement with at least one path
     */
    public Template(String file, String text) {
        this.file = file;
        // what some editors write before the first character
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        TemplateLexer lexer = new TemplateLexer(file, this.text);
        int end = -1;
        while (!lexer.isAtEnd()) {
            int token = lexer.position();
            marks.add(new int[] {serverLength, token});
            if (lexer.skipComment()) {
                append(" ", 1);
            } else if (lexer.skipWhitespace()) {
                append(token, lexer); // as it is: a line break joins two string constants into one
            } else if (end >= 0) {
                throw errorAt(end, "a template is one statement; nothing may follow the ';'");
            } else if (lexer.skip(";")) {
                end = token;
            } else if (lexer.skip(":#")) {
                paths.add(lexer.readPath());
                append("?", ("$" + paths.size()).length());
            } else if (lexer.skip("?")) {
                append("??", 1); // JDBC's spelling of the operator
            } else if (lexer.isNumberedParameter()) {
                throw errorAt(token, "a value is named by its path, such as :#data.name, not by its number");
            } else {
                lexer.skipConstantOrOther();
                append(token, lexer);
            }
        }
        if (paths.isEmpty()) {
            throw noPath();
        }
    }

    /** Other tools have other placeholders: the first that looks like one is where the mistake is. */
    private TemplateException noPath() {
        List<TemplateToken> tokens = tokens();
        for (int i = 0; i < tokens.size(); i++) {
            TemplateToken token = tokens.get(i);
            boolean isQuoted = token.text().matches("(?s)['\"].*:#\\w.*");
            if (token.text().matches("(?s)\\$.*:#\\w.*\\$")) {
                return errorAt(
                        token.start(),
                        NO_PATH + "; what stands between the $$ is a text: write the statement in it alone");
            }
            if (isQuoted || token.is(":") || token.is("?") || token.is("$") || token.is("{")) {
                String name = token.is(":") && i + 1 < tokens.size()
                        ? tokens.get(i + 1).text()
                        : "";
                return errorAt(token.start(), NO_PATH + "; " + token.text() + name + " is none");
            }
        }
        for (TemplateToken comment : comments()) {
            if (comment.text().matches("(?s).*:#[\\w\"].*")) {
                return errorAt(
                        comment.start(), NO_PATH + "; what stands in this comment is none: take it out of the comment");
            }
        }
        boolean meansRows = !tokens.isEmpty()
                && (tokens.get(0).is("delete") || tokens.get(0).is("update"))
                && tokens.stream().noneMatch(token -> token.is("where"));
        return meansRows
                ? errorAt(
                        tokens.get(0).start(),
                        "it has no where, so each message would %s every row of the table; compare the key with a path, as in"
                                        .formatted(tokens.get(0).is("delete") ? "delete" : "update")
                                + " where id = :#id")
                : errorAt(0, NO_PATH + (text.isBlank() ? "; the file is empty" : ""));
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
        return errorAt(position(serverPosition), problem);
    }

    /** The position in the file's content of one of the statement, counted from 1; 0 for 0. */
    int position(int serverPosition) {
        int at = 0;
        for (int[] mark : marks) {
            if (mark[0] < serverPosition) {
                int offset = Math.min(serverPosition - 1 - mark[0], text.codePointCount(mark[1], text.length()));
                at = text.offsetByCodePoints(mark[1], offset);
            }
        }
        return at;
    }

    /** The tokens of the statement, without comments and the semicolon at its end. */
    public List<TemplateToken> tokens() {
        return TemplateToken.of(file, text);
    }

    /** Its comments. */
    public List<TemplateToken> comments() {
        return TemplateToken.comments(file, text);
    }

    /** A problem at a position of the file's content, counted from 0. */
    public Problem problemAt(int position, boolean isWarning, String problem) {
        return new Problem(
                file,
                TemplateException.line(text, position),
                TemplateException.column(text, position),
                isWarning,
                problem);
    }

    /** Appends the text from there to where the lexer is. */
    private void append(int from, TemplateLexer lexer) {
        String token = text.substring(from, lexer.position());
        boolean escapes = token.startsWith("'") && lexer.isEscapeString(from);
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

    /** The file's content. */
    public String text() {
        return text;
    }

    /**
     * Checks how its paths begin.
     *
     * @param roots the names with which they can; empty if any can
     * @throws TemplateException if one leads nowhere, with its place
     */
    public void requireRoots(Set<String> roots) {
        for (TemplateToken token : roots.isEmpty() ? List.<TemplateToken>of() : TemplateToken.of(file, text)) {
            if (token.path() != null && !roots.contains(token.path().get(0))) {
                String meant = token.text().replaceFirst("^:#(\"?data\"?\\.)?", "");
                List<String> path = token.path();
                boolean isWhole = path.get(0).equals("data") && path.size() > 1 && roots.contains(path.get(1));
                throw errorAt(
                        token.start(),
                        token.text() + " leads nowhere: a message has " + String.join(", ", new TreeSet<>(roots))
                                + "; did you mean :#" + (isWhole ? "" : "record.") + meant + "?");
            }
        }
    }

    /**
     * A problem with a path, as {@code file:line:column: text}.
     *
     * @param path which of {@link #paths()}
     */
    public String atPath(int path, String problem) {
        int before = 0;
        for (TemplateToken token : TemplateToken.of(file, text)) {
            if (token.path() != null && before++ == path) {
                return errorAt(token.start(), problem).getMessage();
            }
        }
        return errorAt(0, problem).getMessage();
    }

    /** An error at a position of the file's content. */
    TemplateException errorAt(int at, String problem) {
        return new TemplateException(file, text, at, problem);
    }
}
