package io.github.sequinroutes.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A token of a template that is neither whitespace nor a comment.
 *
 * @param start where it begins in the text
 * @param end   where it ends
 * @param text  the token itself
 * @param path  the path that it is, or null
 */
public record TemplateToken(int start, int end, String text, List<String> path) {
    private static final Pattern CAPITALS = Pattern.compile("[A-Z]+");

    /** The comments of a template, each with what begins and ends it. */
    static List<TemplateToken> comments(String file, String text) {
        List<TemplateToken> comments = new ArrayList<>();
        TemplateLexer lexer = new TemplateLexer(file, text);
        while (!lexer.isAtEnd()) {
            int start = lexer.position();
            if (lexer.skipComment()) {
                comments.add(new TemplateToken(start, lexer.position(), text.substring(start, lexer.position()), null));
            } else if (lexer.skip(":#")) {
                lexer.readPath(); // in which a $ quotes nothing
            } else if (!lexer.skipWhitespace()) {
                lexer.skipConstantOrOther();
            }
        }
        return comments;
    }

    /** The tokens of a template, without the semicolon at its end. */
    static List<TemplateToken> of(String file, String text) {
        List<TemplateToken> tokens = new ArrayList<>();
        TemplateLexer lexer = new TemplateLexer(file, text);
        while (!lexer.isAtEnd()) {
            int start = lexer.position();
            if (lexer.skipComment() || lexer.skipWhitespace() || lexer.skip(";")) {
                continue;
            }
            List<String> path = null;
            if (lexer.skip(":#")) {
                path = lexer.readPath();
            } else {
                lexer.skipConstantOrOther();
            }
            int end = lexer.position();
            tokens.add(new TemplateToken(start, end, text.substring(start, end), path));
        }
        return tokens;
    }

    /** Whether it is this keyword, or this character. */
    public boolean is(String keyword) {
        return path == null && text.equalsIgnoreCase(keyword);
    }

    /** The name of a table or a column as PostgreSQL knows it, or null if it is no name. */
    public String name() {
        if (path != null) {
            return null;
        } else if (text.startsWith("\"")) {
            return text.substring(1, text.length() - 1).replace("\"\"", "\"");
        }
        return Character.isJavaIdentifierStart(text.charAt(0)) && text.charAt(0) != '$' ? withoutCapitals(text) : null;
    }

    /** In a database of UTF-8, PostgreSQL folds the letters of ASCII and no others. */
    private static String withoutCapitals(String name) {
        return CAPITALS.matcher(name).replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
    }
}
