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

    // down to the type below all domains
    private static final String DESCRIBE = """
            with recursive base as (
              select * from pg_type where oid = to_regtype(?)
              union all
              select t.* from pg_type t join base b on t.oid = b.typbasetype)
            select typcategory = 'A', typname in ('json', 'jsonb') or typelem in (114, 3802) from base
            where typbasetype = 0""";

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
            query.setString(1, type);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return TEXT;
                }
                boolean json = row.getBoolean(2);
                return row.getBoolean(1) ? (json ? JSON_ARRAY : ARRAY) : (json ? JSON : TEXT);
            }
        }
    }
}
