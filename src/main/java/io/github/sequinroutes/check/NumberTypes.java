package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Finds paths that PostgreSQL takes for an integer of 4 bytes because of what stands beside them, such as the 0 of {@code
 * coalesce(:#data.total, 0)}, though their column holds more. What their types are, and whether a cast helps, it is asked.
 */
record NumberTypes(Connection connection, SqlStatement statement, TargetTable table, Findings findings) {
    private static final Set<String> NARROW = Set.of("int4", "int2");
    private static final Set<String> FRACTIONAL = Set.of("numeric", "float4", "float8");
    private static final Set<String> TIMES = Set.of("timestamp", "timestamptz");
    private static final Set<String> COMPARES = Set.of("=", "<", ">", "!", "in", "between", "is", "not");

    /** Warns of the first in a value, if there is one. */
    void check(WrittenValue written) throws SQLException {
        Range value = written.value();
        String type = String.valueOf(written.column().baseType());
        String cast = type.equals("int8") ? "bigint" : "numeric";
        List<TemplateToken> paths = statement.tokens().subList(value.from(), value.to()).stream()
                .filter(token -> token.path() != null)
                .toList();
        boolean isWide = type.equals("int8") || FRACTIONAL.contains(type) || TIMES.contains(type);
        if (!isWide || paths.isEmpty() || statement.isPath(value)) {
            return;
        }
        List<String> types = types(text(value, null, cast));
        for (int token = value.from(), at = 0; token < value.to() && types != null; token++) {
            TemplateToken path = statement.tokens().get(token);
            if (path.path() == null) {
                continue;
            }
            boolean isMeant = isCast(token)
                    || (TIMES.contains(type) && !isScaled(token))
                    || (FRACTIONAL.contains(type) && is(token + 1, "/")) // what is dropped there is told, or meant
                    || (isCompared(value, token) && !isWritten(value, path.path()));
            if (NARROW.contains(types.get(at++)) && !isMeant && types(text(value, path.path(), cast)) != null) {
                findings.warning(
                        Finding.VALUE,
                        path.start(),
                        "the path is an integer of 4 bytes here, because of what stands beside it, and " + refused(type)
                                + "; write " + path.text() + "::" + cast);
                return;
            }
        }
    }

    private static String refused(String type) {
        return FRACTIONAL.contains(type)
                ? "a value with a fraction is refused (SQLSTATE 22P02)"
                : TIMES.contains(type)
                        ? "milliseconds are larger (SQLSTATE 22003)"
                        : "a larger value is refused (SQLSTATE 22003)";
    }

    /** A value as a statement of its own, with a cast for a path, which may be null, wherever it has none. */
    private String text(Range value, List<String> path, String cast) {
        String file = statement.template().text();
        int from = statement.tokens().get(value.from()).start();
        StringBuilder text = new StringBuilder("select ");
        for (int token = value.from(); token < value.to(); token++) {
            TemplateToken one = statement.tokens().get(token);
            text.append(file, from, one.end());
            from = one.end();
            if (path != null && path.equals(one.path()) && !isCast(token)) {
                text.append("::").append(cast);
            }
        }
        String row = " from " + table.name() + " as ";
        return switch (statement.verb()) {
            case INSERT ->
                text
                        + row
                        + SqlNames.quoted(statement.qualifier())
                        + (statement.qualifier().equals("excluded") ? "" : ", " + table.name() + " as excluded");
            case UPDATE -> text + row + SqlNames.quoted(statement.qualifier());
            default -> text.toString();
        };
    }

    /** The type of each parameter; null if PostgreSQL does not take it. */
    private List<String> types(String sql) throws SQLException {
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try (PreparedStatement prepared =
                connection.prepareStatement(new Template(statement.template().file(), sql).sql())) {
            ParameterMetaData parameters = prepared.getParameterMetaData();
            List<String> types = new ArrayList<>();
            for (int i = 1; i <= parameters.getParameterCount(); i++) {
                types.add(parameters.getParameterTypeName(i));
            }
            return types;
        } catch (SQLException e) {
            if (before == null && connection.isClosed()) {
                throw e;
            }
            return null;
        } finally {
            if (before != null) {
                connection.rollback(before);
            }
        }
    }

    private boolean is(int token, String text) {
        return statement.is(token, text);
    }

    /** Whether its type is said. */
    private boolean isCast(int token) {
        return is(token + 1, "::") || (is(token - 1, "(") && is(token - 2, "cast"));
    }

    /** Whether it is a number of parts of a second. */
    private boolean isScaled(int token) {
        return is(token + 1, "/") || is(token + 1, "*");
    }

    /** Whether a path is written as well as compared. */
    private boolean isWritten(Range value, List<String> path) {
        for (int token = value.from(); token < value.to(); token++) {
            if (path.equals(statement.tokens().get(token).path()) && !isCompared(value, token)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path only decides what is written. */
    private boolean isCompared(Range value, int token) {
        Deque<Boolean> conditions = new ArrayDeque<>();
        for (int at = value.from(); at < token; at++) {
            if (is(at, "case")) {
                conditions.push(true);
            } else if (is(at, "end") && !conditions.isEmpty()) {
                conditions.pop();
            } else if (!conditions.isEmpty() && (is(at, "when") || is(at, "then") || is(at, "else"))) {
                conditions.pop();
                conditions.push(is(at, "when"));
            }
        }
        return conditions.contains(true)
                || COMPARES.stream().anyMatch(word -> is(token - 1, word) || is(token + 1, word));
    }
}
