package io.github.sequinroutes.template;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Looks up the columns that a template leaves to PostgreSQL: those of its table, or of a constraint. */
record ShapeLookUp(Connection connection) {
    private static final String COLUMNS = """
            select attname from pg_attribute
            where attrelid = to_regclass(?) and attnum > 0 and not attisdropped order by attnum""";

    private static final String OF_CONSTRAINT = """
            select attname from pg_constraint
            cross join unnest(conkey) with ordinality as key (number, place)
            join pg_attribute on attrelid = conrelid and attnum = number
            where conrelid = to_regclass(?) and conname = ? order by place""";

    private static final String UNIQUE = """
            select attname from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
            where indrelid = to_regclass(?) and (indisunique or indisexclusion)""";

    /** The shape with all the columns that can be known. */
    TemplateShape complete(TemplateShape shape) throws SQLException {
        String table = quoted(shape.target());
        List<String> columns = shape.columns() == null ? query(COLUMNS, table) : shape.columns();
        List<String> conflictColumns =
                shape.constraint() == null ? shape.conflictColumns() : query(OF_CONSTRAINT, table, shape.constraint());
        return shape.with(columns, conflictColumns);
    }

    /** The columns that must be unique, each alone or with others. */
    List<String> unique(TemplateShape shape) throws SQLException {
        return query(UNIQUE, quoted(shape.target()));
    }

    private List<String> query(String sql, String... names) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < names.length; i++) {
                statement.setString(i + 1, names[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(row.getString(1));
                }
            }
        }
        return columns;
    }

    /** A name of one or more parts in quotes, as SQL. */
    static String quoted(List<String> parts) {
        return parts.stream().map(ShapeLookUp::quoted).collect(Collectors.joining("."));
    }

    /** A name in quotes, as SQL. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
