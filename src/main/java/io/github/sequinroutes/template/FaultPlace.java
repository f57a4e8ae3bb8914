package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.template.TemplateShape.Range;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Finds which value of a template a failure is about. The server names the parameter that it could not read (PostgreSQL 14
 * and later), or the column or key that a row violates; in no other case is anything guessed. Values are never quoted.
 *
 * @param shape        the template's, or null
 * @param isAsItStands whether its parameters are those of the statement that has failed
 */
record FaultPlace(Template template, TemplateShape shape, boolean isAsItStands) {
    /** The last line of a context, in whatever language: {@code unnamed portal parameter $3 = '...'}. */
    private static final Pattern PARAMETER = Pattern.compile("[^\"$']*\\$(\\d{1,5})(?:[^\"$'\\d][^\"$']*)?(?:'.*)?");

    private static final String CHECK = "23514";

    /** In a detail, in whatever language: {@code Key (customer, place)=(…) is not present in …}. */
    private static final Pattern KEY = Pattern.compile("^[^(]*\\(([^()=]+)\\)=\\(");

    /** {@code file:line:column: :#a.path for column name}, or null if it is not known. */
    String of(SQLException failure) {
        SQLException cause = Failures.sqlCause(failure);
        ServerErrorMessage server = cause instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (server == null) {
            return null;
        }
        String byParameter = ofParameter(server.getWhere());
        return byParameter == null ? ofColumns(server) : byParameter;
    }

    /** The same for a path of the template, where it stands first. */
    String of(List<String> path) {
        TemplateToken first = paths().stream()
                .filter(token -> token.path().equals(path))
                .findFirst()
                .orElseThrow();
        return at(first, columnOf(first));
    }

    private String ofParameter(String where) {
        String last = where == null ? "" : where.substring(where.lastIndexOf('\n') + 1);
        Matcher parameter = PARAMETER.matcher(last);
        if (!isAsItStands || !parameter.matches()) {
            return null;
        }
        List<TemplateToken> paths = paths();
        int number = Integer.parseInt(parameter.group(1));
        if (number < 1 || number > paths.size()) {
            return null;
        }
        TemplateToken path = paths.get(number - 1);
        return at(path, columnOf(path));
    }

    private String ofColumns(ServerErrorMessage server) {
        if (!isTarget(server.getTable())) {
            return null; // a trigger has written to another table
        }
        if (server.getColumn() != null) {
            return ofColumn(server.getColumn());
        }
        String checked = columnOfCheck(server);
        if (checked != null) {
            return ofColumn(checked);
        }
        Matcher key = KEY.matcher(server.getDetail() == null ? "" : server.getDetail());
        return key.find() ? ofColumn(key.group(1).split(", ", -1)[0].replace("\"", "")) : null;
    }

    /** The column that PostgreSQL has named a check after, as it does where that is of one column; or null. */
    private String columnOfCheck(ServerErrorMessage server) {
        String name = CHECK.equals(server.getSQLState()) ? server.getConstraint() : null;
        return name == null
                ? null
                : shape.valuesByColumn().keySet().stream()
                        .filter(column -> name.matches(Pattern.quote(server.getTable() + "_" + column) + "_check\\d*"))
                        .findFirst()
                        .orElse(null);
    }

    private boolean isTarget(String table) {
        return shape != null
                && shape.columns() != null
                && table != null
                && table.equals(shape.target().get(shape.target().size() - 1));
    }

    private String ofColumn(String column) {
        Range value = shape.valuesByColumn().get(column);
        if (value == null) {
            return template.errorAt(0, "the template does not write column " + column)
                    .getMessage();
        }
        TemplateToken first = shape.tokens().get(value.from());
        for (TemplateToken token : shape.tokens().subList(value.from(), value.to())) {
            if (token.path() != null) {
                return at(token, column);
            }
        }
        return template.errorAt(first.start(), "the value for column " + column).getMessage();
    }

    /** The column for whose value the path is, or null. */
    private String columnOf(TemplateToken path) {
        if (shape != null) {
            for (Map.Entry<String, Range> value : shape.valuesByColumn().entrySet()) {
                Range range = value.getValue();
                if (shape.tokens().subList(range.from(), range.to()).contains(path)) {
                    return value.getKey();
                }
            }
        }
        return null;
    }

    private String at(TemplateToken path, String column) {
        return template.errorAt(path.start(), path.text() + (column == null ? "" : " for column " + column))
                .getMessage();
    }

    private List<TemplateToken> paths() {
        return TemplateToken.of(template.file(), template.text()).stream()
                .filter(token -> token.path() != null)
                .toList();
    }
}
