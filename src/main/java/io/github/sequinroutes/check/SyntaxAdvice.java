package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.List;

/** What to do about what PostgreSQL cannot read at a token, or what it takes for another operator; empty if that is not known. */
record SyntaxAdvice(SqlStatement statement, int token) {
    /** If a value of JSON is looked into by an arrow. */
    String operator() {
        for (int at = 0; at + 2 < statement.tokens().size(); at++) {
            TemplateToken path = statement.tokens().get(at);
            boolean isArrow = path.path() != null
                    && statement.tokens().get(at + 1).is("-")
                    && statement.tokens().get(at + 2).is(">");
            if (isArrow) {
                return "; a path leads into JSON by itself: write " + path.text() + ".name instead of -> 'name'";
            }
        }
        return "";
    }

    /** If a word is wrong there. */
    String syntax() {
        if (token >= statement.tokens().size()) {
            return "";
        }
        TemplateToken here = statement.tokens().get(token);
        TemplateToken before = token == 0 ? null : statement.tokens().get(token - 1);
        boolean isWord = here.path() == null && Character.isLetter(here.text().charAt(0));
        if (before != null && before.path() != null && isWord) {
            List<String> path = before.path();
            return "; a name with a blank in it stands in quotes: "
                    + Paths.text(path.subList(0, path.size() - 1), path.get(path.size() - 1) + " " + here.text());
        }
        if (here.is("on") && statement.conflict() != null) {
            return "; name the key, as in on conflict (id) do update";
        }
        boolean isValueHere = here.path() != null || here.text().startsWith("'");
        return before != null && isValueHere && (before.path() != null || isValue(before))
                ? "; is a comma or an operator missing before it?"
                : "";
    }

    private static boolean isValue(TemplateToken token) {
        return token.is(")")
                || token.text().startsWith("'")
                || Character.isDigit(token.text().charAt(0));
    }
}
