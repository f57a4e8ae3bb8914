package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.List;

/** What to do about what PostgreSQL cannot read at a token, or what it takes for another operator; empty if that is not known. */
record SyntaxAdvice(SqlStatement statement, int token) {
    private static final String MISSING = "; is a comma or an operator missing before it?";

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
        if (before != null && (isAssignment() || isColumn())) {
            return MISSING;
        }
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
        return before != null && isValueHere && (before.path() != null || isValue(before)) ? MISSING : "";
    }

    /** Whether another assignment begins there, where none has ended. */
    private boolean isAssignment() {
        boolean isInSet = statement.setAt() >= 0
                && token > statement.setAt() + 1
                && (statement.where() == null || token < statement.where().from());
        return isInSet
                && statement.name(token) != null
                && token + 1 < statement.tokens().size()
                && statement.tokens().get(token + 1).is("=");
    }

    /** Whether another column of an insert's list stands there, where a comma is missing. */
    private boolean isColumn() {
        boolean isInList =
                statement.columnList() >= 0 && statement.columns() == null && token > statement.columnList() + 1;
        return isInList
                && statement.name(token) != null
                && statement.name(token - 1) != null
                && statement.tokens().subList(statement.columnList(), token).stream()
                        .noneMatch(one -> one.is(")"));
    }

    private static boolean isValue(TemplateToken token) {
        return token.is(")")
                || token.text().startsWith("'")
                || Character.isDigit(token.text().charAt(0));
    }
}
