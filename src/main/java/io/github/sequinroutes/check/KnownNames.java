package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Nearest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

    KnownNames(Connection connection) {
        this.connection = connection;
    }

    /** {@code "; did you mean acme.orders?"} for a table, or nothing; one of another schema may be meant, or be another. */
    String table(List<String> parts) throws SQLException {
        List<String> visible = new ArrayList<>();
        List<String> qualified = new ArrayList<>();
        String last = parts.get(parts.size() - 1);
        String sameName = null;
        try (PreparedStatement statement = connection.prepareStatement(TABLES);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                qualified.add(row.getString(2));
                if (row.getBoolean(3)) {
                    visible.add(row.getString(1));
                }
                if (row.getString(1).equals(last)) {
                    sameName = row.getString(2);
                }
            }
        }
        if (sameName != null) {
            return ofOtherSchema(sameName, parts);
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
        List<String> names = list(FUNCTIONS, null);
        return names.contains(name) ? null : Nearest.hint(name, names);
    }

    /** The same for a type. */
    String type(String name) throws SQLException {
        return Nearest.hint(name, list(TYPES, null));
    }

    /** The same for a constraint of a table. */
    String constraint(List<String> table, String name) throws SQLException {
        return Nearest.hint(name, list(CONSTRAINTS, SqlNames.quoted(table)));
    }

    private List<String> list(String sql, String argument) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (argument != null) {
                statement.setString(1, argument);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }
}
