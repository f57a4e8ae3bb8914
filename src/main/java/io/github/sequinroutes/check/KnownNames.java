package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Nearest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The names that a database has, to find the one that was meant. */
final class KnownNames {
    private static final String TABLES = """
            select c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), pg_table_is_visible(c.oid)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'f') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
            order by 2""";

    private static final String FUNCTIONS = "select distinct proname from pg_proc where pg_function_is_visible(oid)";

    private static final String TYPES = """
            select typname from pg_type where pg_type_is_visible(oid) and typtype in ('b', 'd', 'e', 'c', 'r')
            and typname !~ '^_' and typrelid = 0 union select unnest(array['integer', 'bigint', 'smallint', 'boolean',
            'decimal', 'real', 'timestamp', 'time'])""";

    private static final String CONSTRAINTS =
            "select conname from pg_constraint where conrelid = to_regclass(?) and contype in ('p', 'u', 'x')";

    private final Connection connection;

    private record Table(String name, String qualified, boolean isVisible) {}

    KnownNames(Connection connection) {
        this.connection = connection;
    }

    /** {@code "; did you mean acme.orders?"} for a table, or nothing; one of another schema may be meant, or be another. */
    String table(List<String> parts) throws SQLException {
        List<String> visible = new ArrayList<>();
        List<String> qualified = new ArrayList<>();
        List<String> sameName = new ArrayList<>();
        String last = parts.get(parts.size() - 1);
        for (Table table : Query.rows(
                connection, TABLES, row -> new Table(row.getString(1), row.getString(2), row.getBoolean(3)))) {
            qualified.add(table.qualified());
            if (table.isVisible()) {
                visible.add(table.name());
            }
            if (table.name().equals(last)) {
                sameName.add(table.qualified());
            }
        }
        if (!sameName.isEmpty()) {
            return ofOtherSchema(sameName.get(sameName.size() - 1), parts);
        }
        String hint = Nearest.hint(String.join(".", parts), parts.size() > 1 ? qualified : visible);
        if (hint.isEmpty()) {
            // of another schema: the names alone are compared
            List<String> names = qualified.stream()
                    .map(name -> name.substring(name.indexOf('.') + 1))
                    .toList();
            hint = Nearest.likely(last, names)
                    .map(name -> ofOtherSchema(qualified.get(names.indexOf(name)), parts))
                    .orElse("");
        }
        return hint;
    }

    private static String ofOtherSchema(String table, List<String> parts) {
        return (parts.size() > 1 ? "; create the table first, or did you mean " : "; did you mean ") + table + "?";
    }

    /** The same for a function, or null if there is one of this name, with other arguments. */
    String function(String name) throws SQLException {
        List<String> names = list(FUNCTIONS);
        return names.contains(name) ? null : Nearest.hint(name, names);
    }

    /** The same for a type. */
    String type(String name) throws SQLException {
        return Nearest.hint(name, list(TYPES));
    }

    /** The same for a constraint of a table. */
    String constraint(List<String> table, String name) throws SQLException {
        return Nearest.hint(name, list(CONSTRAINTS, SqlNames.quoted(table)));
    }

    private List<String> list(String sql, Object... values) throws SQLException {
        return Query.rows(connection, sql, row -> row.getString(1), values);
    }
}
