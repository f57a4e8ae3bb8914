package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What to write where a value has another type than its column; {@code reason} is what PostgreSQL says of it. */
record CastAdvice(SqlStatement statement, String reason) {
    private static final Pattern TYPES =
            Pattern.compile("column \".*\" is of type (.+) but expression is of type (.+)", Pattern.DOTALL);

    /** The value at a token with its cast; empty if that is not known. */
    String text(int token) {
        Matcher types = TYPES.matcher(reason);
        Range value = types.matches() ? value(token) : null;
        if (value == null) {
            return "";
        }
        String text = statement.text(value).replaceAll("\\s+", " ");
        String compared =
                types.group(1).matches("numeric|bigint|double precision|real") ? comparedWithNumber(value) : null;
        if (compared != null) {
            // it would be an integer there, whatever is made of the whole
            String path = "(?<![\\w.])" + Pattern.quote(compared) + "(?![\\w.]|::)";
            return "; write " + text.replaceAll(path, Matcher.quoteReplacement(compared + "::" + types.group(1)));
        }
        return "; write " + (value.to() == value.from() + 1 ? text : "(" + text + ")") + "::" + types.group(1);
    }

    /** A path that is compared with a number, and written as well, as it stands there; or null. */
    private String comparedWithNumber(Range value) {
        List<TemplateToken> tokens = statement.tokens().subList(value.from(), value.to());
        for (int at = 0; at + 2 < tokens.size(); at++) {
            List<String> path = tokens.get(at).path();
            int number = tokens.get(at + 2).is("=") ? at + 3 : at + 2;
            boolean isCompared = path != null
                    && tokens.get(at + 1).text().matches("[<>=]")
                    && number < tokens.size()
                    && Character.isDigit(tokens.get(number).text().charAt(0));
            if (isCompared
                    && tokens.stream()
                                    .filter(token -> path.equals(token.path()))
                                    .count()
                            > 1) {
                return tokens.get(at).text();
            }
        }
        return null;
    }

    private Range value(int token) {
        List<Range> inserted = statement.values() == null ? List.of() : statement.values();
        return Stream.concat(inserted.stream(), statement.assignments().stream().map(Assignment::value))
                .filter(Objects::nonNull)
                .filter(range -> range.from() <= token && token < range.to())
                .findFirst()
                .orElse(null);
    }
}
