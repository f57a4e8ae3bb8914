package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement in the {@code with} of another.
 *
 * @param name      by which the others know its rows
 * @param statement what it does, with tokens of its own
 */
record WithPart(String name, SqlStatement statement) {
    /** Those of a statement, in their order. */
    static List<WithPart> of(SqlStatement statement) {
        List<WithPart> parts = new ArrayList<>();
        List<TemplateToken> tokens = statement.tokens().subList(0, statement.at());
        if (tokens.isEmpty() || !tokens.get(0).is("with")) {
            return parts;
        }
        TokenCursor cursor = new TokenCursor(tokens, 1);
        cursor.skip("recursive");
        while (cursor.isName()) {
            String name = cursor.tokens.get(cursor.at).name();
            cursor.seek(List.of("as"));
            cursor.seek(List.of("("));
            int from = cursor.at + 1;
            cursor.next();
            if (from < cursor.at - 1) {
                parts.add(new WithPart(
                        name, StatementReader.read(statement.template(), tokens.subList(from, cursor.at - 1))));
            }
            cursor.seek(List.of(","));
            cursor.skip(",");
        }
        return parts;
    }

    /** All of its tokens. */
    Range range() {
        return new Range(0, statement.tokens().size());
    }
}
