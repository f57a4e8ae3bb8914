package io.github.sequinroutes.bind;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** How a value is written for a parameter, by the type that PostgreSQL gives the parameter. */
enum ParameterKind {
    /** A scalar's plain text; an object's or array's JSON text. */
    TEXT,
    /** The exact JSON text: a string keeps its quotes, lest "123" become a number. */
    JSON,
    /** A JSON array as a PostgreSQL array. */
    ARRAY,
    /** A JSON array as a PostgreSQL array of json or jsonb. */
    JSON_ARRAY;

    // down through domains and the elements of arrays
    private static final String DESCRIBE = """
            with recursive type as (
              select distinct name, t.* from unnest(?) as name join pg_type t on t.oid = to_regtype(name)
              union all
              select name, t.* from type join pg_type t on t.oid =
                case when type.typtype = 'd' then type.typbasetype when type.typcategory = 'A' then type.typelem end)
            select name, bool_or(typcategory = 'A'), bool_or(oid in ('json'::regtype, 'jsonb'::regtype))
            from type group by name""";

    /** Asks the server, once for a statement. */
    static ParameterKind[] describe(PreparedStatement statement) throws SQLException {
        ParameterMetaData parameters = statement.getParameterMetaData();
        String[] types = new String[parameters.getParameterCount()];
        for (int i = 0; i < types.length; i++) {
            types[i] = quoted(parameters.getParameterTypeName(i + 1));
        }
        Map<String, ParameterKind> kinds = kinds(statement.getConnection(), types);
        return Arrays.stream(types).map(type -> kinds.getOrDefault(type, TEXT)).toArray(ParameterKind[]::new);
    }

    private static Map<String, ParameterKind> kinds(Connection connection, String[] types) throws SQLException {
        Map<String, ParameterKind> kinds = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(DESCRIBE)) {
            query.setArray(1, connection.createArrayOf("text", types));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    boolean json = row.getBoolean(3);
                    kinds.put(row.getString(1), row.getBoolean(2) ? (json ? JSON_ARRAY : ARRAY) : (json ? JSON : TEXT));
                }
            }
        }
        return kinds;
    }

    /** The driver quotes only the names of types outside the search path. */
    private static String quoted(String type) {
        return type.startsWith("\"") ? type : '"' + type.replace("\"", "\"\"") + '"';
    }
}
