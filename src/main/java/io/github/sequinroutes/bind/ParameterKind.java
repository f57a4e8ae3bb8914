package io.github.sequinroutes.bind;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
              select * from pg_type where oid = to_regtype(?)
              union all
              select t.* from type join pg_type t on t.oid =
                case when type.typtype = 'd' then type.typbasetype when type.typcategory = 'A' then type.typelem end)
            select bool_or(typcategory = 'A'), bool_or(oid in ('json'::regtype, 'jsonb'::regtype)) from type""";

    /** Asks the server, once for a statement. */
    static ParameterKind[] describe(PreparedStatement statement) throws SQLException {
        ParameterMetaData parameters = statement.getParameterMetaData();
        Map<String, ParameterKind> known = new HashMap<>();
        ParameterKind[] kinds = new ParameterKind[parameters.getParameterCount()];
        for (int i = 0; i < kinds.length; i++) {
            String type = parameters.getParameterTypeName(i + 1);
            ParameterKind kind = known.get(type);
            if (kind == null) {
                kind = describe(statement.getConnection(), type);
                known.put(type, kind);
            }
            kinds[i] = kind;
        }
        return kinds;
    }

    private static ParameterKind describe(Connection connection, String type) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(DESCRIBE)) {
            query.setString(1, quoted(type));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                boolean json = row.getBoolean(2);
                return row.getBoolean(1) ? (json ? JSON_ARRAY : ARRAY) : (json ? JSON : TEXT);
            }
        }
    }

    /** The driver quotes only the names of types outside the search path. */
    private static String quoted(String type) {
        return type.startsWith("\"") ? type : '"' + type.replace("\"", "\"\"") + '"';
    }
}
