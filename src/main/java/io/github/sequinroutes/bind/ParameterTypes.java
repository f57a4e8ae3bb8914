package io.github.sequinroutes.bind;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.core.TypeInfo;
import org.postgresql.jdbc.PgConnection;

/** The types that PostgreSQL gives the parameters of a statement. */
final class ParameterTypes {
    // down through domains and the elements of arrays
    private static final String KINDS = """
            with recursive type as (
              select distinct name, t.* from unnest(?) as name join pg_type t on t.oid = to_regtype(name)
              union all
              select name, t.* from type join pg_type t on t.oid =
                case when type.typtype = 'd' then type.typbasetype when type.typcategory = 'A' then type.typelem end)
            select name, bool_or(typcategory = 'A'), bool_or(oid in ('json'::regtype, 'jsonb'::regtype))
            from type group by name""";

    private final Connection connection;
    private final String[] names;
    private final String fingerprint;

    private ParameterTypes(Connection connection, String[] names, String fingerprint) {
        this.connection = connection;
        this.names = names;
        this.fingerprint = fingerprint;
    }

    /** Asks the server to look at a statement, which takes the locks that executing it would take on its tables. */
    static ParameterTypes of(PreparedStatement statement) throws SQLException {
        Connection connection = statement.getConnection();
        TypeInfo known = connection.unwrap(PgConnection.class).getTypeInfo();
        ParameterMetaData parameters = statement.getParameterMetaData();
        String[] names = new String[parameters.getParameterCount()];
        StringBuilder fingerprint = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            String name = parameters.getParameterTypeName(i + 1);
            names[i] = quoted(name);
            // a type can be dropped, and another created with its name
            fingerprint.append(name).append(' ').append(known.getPGType(name)).append('\n');
        }
        return new ParameterTypes(connection, names, fingerprint.toString());
    }

    /** Tells these types from any others, also from earlier ones of the same names. */
    String fingerprint() {
        return fingerprint;
    }

    /** How a value is written for each parameter; asks the server. */
    ParameterKind[] kinds() throws SQLException {
        Map<String, ParameterKind> kinds = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(KINDS)) {
            query.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    kinds.put(row.getString(1), kind(row.getBoolean(2), row.getBoolean(3)));
                }
            }
        }
        return Arrays.stream(names)
                .map(name -> kinds.getOrDefault(name, ParameterKind.TEXT))
                .toArray(ParameterKind[]::new);
    }

    private static ParameterKind kind(boolean array, boolean json) {
        if (array) {
            return json ? ParameterKind.JSON_ARRAY : ParameterKind.ARRAY;
        }
        return json ? ParameterKind.JSON : ParameterKind.TEXT;
    }

    /** The driver quotes only the names of types outside the search path. */
    private static String quoted(String type) {
        return type.startsWith("\"") ? type : '"' + type.replace("\"", "\"\"") + '"';
    }
}
