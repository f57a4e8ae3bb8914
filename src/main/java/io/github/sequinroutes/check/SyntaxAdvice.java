package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.List;

/** What to do about what PostgreSQL cannot read at a token; empty if that is not known. The table is null if there is none. */
record SyntaxAdvice(SqlStatement statement, TargetTable table, int token) {
    private static final String MISSING = "; is a comma or an operator missing before it?";

    /** If a word is wrong there. */
    String syntax() {
        if (token >= statement.tokens().size()) {
            return "";
        }
        TemplateToken here = statement.tokens().get(token);
        TemplateToken before = token == 0 ? null : statement.tokens().get(token - 1);
        String name = here.name();
        boolean isReserved = name != null
                && !here.text().startsWith("\"")
                && table != null
                && table.column(name) != null
                && !SqlNames.quoted(name).equals(name);
        if (isReserved) {
            return "; " + name + " is a word of PostgreSQL: as a column it stands in double quotes, "
                    + SqlNames.quoted(name);
        }
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
        return isInSet && statement.name(token) != null && statement.is(token + 1, "=");
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
