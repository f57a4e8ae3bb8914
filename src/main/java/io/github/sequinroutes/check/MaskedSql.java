package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.sf.jsqlparser.expression.JdbcNamedParameter;

/** Writes parts of a template for the parser: each path is a named parameter, and constants have nothing odd in them. */
final class MaskedSql {
    private final Map<String, List<String>> paths = new HashMap<>();

    /** A part, in a text of the same length and with the same places as in the file, counted from its first token. */
    String text(SqlStatement statement, Range range) {
        int start = statement.position(range.from());
        StringBuilder text = new StringBuilder();
        boolean isSelect = false;
        for (TemplateToken token : statement.tokens().subList(range.from(), range.to())) {
            if (isSelect && token.is("from")) {
                text.append('*'); // the parser knows no select of nothing
            }
            isSelect = token.is("select");
            text.append(" ".repeat(token.start() - start - text.length()));
            text.append(masked(token, statement.template().text()));
        }
        return text.toString();
    }

    private String masked(TemplateToken token, String file) {
        String text = token.text();
        int length = text.length();
        if (token.path() != null) {
            String name = "p" + text.substring(2).replaceAll("[^A-Za-z0-9_]", "_");
            paths.put(name, token.path());
            return ":" + name;
        }
        boolean isPrefix = text.equalsIgnoreCase("e") && file.startsWith("'", token.end());
        boolean isOdd = (text.startsWith("'") && !text.matches("'[\\w -]*'")) || (text.startsWith("$") && length > 1);
        return isPrefix ? " " : isOdd ? "'" + "?".repeat(length - 2) + "'" : text;
    }

    /** The path that a parameter stands for. */
    List<String> path(JdbcNamedParameter parameter) {
        return paths.get(parameter.getName());
    }

    /** The paths by the names of their parameters. */
    Map<String, List<String>> paths() {
        return paths;
    }
}
