package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Compares what two statements take for the key of a row, where both make it of the same path. */
final class KeyExpressions {
    /** What makes another text of a path, for certain. */
    private static final Set<String> KNOWN = Set.of("||", "upper", "lower");

    private KeyExpressions() {}

    /** Whether both are known, and surely two keys: {@code 'order-' || :#id} and {@code :#id}. */
    static boolean differ(SqlStatement one, Range oneKey, SqlStatement other, Range otherKey) {
        String text = text(one, oneKey);
        String otherText = text(other, otherKey);
        return text != null
                && otherText != null
                && !text.equals(otherText)
                && one.paths(oneKey).equals(other.paths(otherKey));
    }

    /** What a key is made of, without casts and brackets; null if that is not known. */
    private static String text(SqlStatement statement, Range range) {
        StringBuilder text = new StringBuilder();
        List<TemplateToken> tokens = statement.tokens().subList(range.from(), range.to());
        for (int i = 0; i < tokens.size(); i++) {
            TemplateToken token = tokens.get(i);
            boolean isJoint =
                    token.is("|") && i + 1 < tokens.size() && tokens.get(i + 1).is("|");
            String part = isJoint ? "||" : token.text().toLowerCase(Locale.ROOT);
            if (token.is("::")) {
                i++; // and its type
            } else if (token.path() != null) {
                text.append(Paths.text(token.path())).append(' ');
            } else if (token.text().startsWith("'")) {
                text.append(token.text()).append(' ');
            } else if (KNOWN.contains(part)) {
                text.append(part).append(' ');
                i += isJoint ? 1 : 0;
            } else if (!token.is("(") && !token.is(")")) {
                return null;
            }
        }
        return text.toString();
    }
}
