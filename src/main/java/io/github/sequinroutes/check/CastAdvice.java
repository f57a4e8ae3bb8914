package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
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
        return "; write " + (value.to() == value.from() + 1 ? text : "(" + text + ")") + "::" + types.group(1);
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
