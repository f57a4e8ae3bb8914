package io.github.sequinroutes.template;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.UUID;
import org.postgresql.core.TypeInfo;
import org.postgresql.jdbc.PgConnection;

/** The types that PostgreSQL gives the parameters of a statement. */
final class ParameterTypes {
    // down through domains and the elements of arrays
    private static final String KINDS = """
            with recursive type as (
              select position, true as is_own, t.*
              from unnest(?::oid[]) with ordinality as p (id, position) join pg_type t on t.oid = id
              union all
              select position, false, t.* from type join pg_type t on t.oid =
                case when type.typtype = 'd' then type.typbasetype when type.typcategory = 'A' then type.typelem end)
            select position, bool_or(typcategory = 'A'), max(case
              when oid in ('json'::regtype, 'jsonb'::regtype) then 'JSON'
              when oid = 'interval'::regtype then 'INTERVAL'
              when oid = 'tsvector'::regtype then 'TSVECTOR'
              when oid = 'date'::regtype then 'DATE'
              when oid in ('timestamp'::regtype, 'timestamptz'::regtype) then 'TIMESTAMP'
              when oid = 'time'::regtype then 'TIME'
              when oid in ('numeric'::regtype, 'float4'::regtype, 'float8'::regtype) then 'NUMBER'
              when typname = 'hstore' then 'HSTORE'
              when typname = 'citext' then 'CITEXT' end),
              not bool_or(typtype in ('c', 'm', 'r') or typcategory = 'G' or typname in ('money', 'bpchar', 'bit', 'varbit',
                'xml', 'inet', 'cidr', 'macaddr', 'macaddr8')) and not (bool_or(typcategory = 'A') and bool_or(typtype = 'e')),
              max(format_type(oid, -1)) filter (where is_own),
              -- of some there is no array that could be sent, and of composites unnest makes columns
              bool_or(typcategory = 'A' or typtype = 'c' or typdelim <> ',' or (is_own and typarray = 0))
                or bool_and(casttarget is null)
            from type
            left join (select casttarget from pg_cast where castsource = 'text'::regtype and castmethod = 'f') as by_function
              on casttarget = oid
            group by position""";

    private static final String PREPARED = "select parameter_types::oid[] from pg_prepared_statements where name = ?";

    private final Connection connection;
    private final String sql;
    private final Long[] ids;
    private final String fingerprint;

    private ParameterTypes(Connection connection, String sql, Long[] ids, String fingerprint) {
        this.connection = connection;
        this.sql = sql;
        this.ids = ids;
        this.fingerprint = fingerprint;
    }

    /** Has the server describe a statement, which takes the locks on its tables that executing it would take. */
    static ParameterTypes of(PreparedStatement statement, String sql) throws SQLException {
        Connection connection = statement.getConnection();
        TypeInfo known = connection.unwrap(PgConnection.class).getTypeInfo();
        ParameterMetaData parameters = statement.getParameterMetaData();
        Long[] ids = new Long[parameters.getParameterCount()];
        StringBuilder fingerprint = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            String name = parameters.getParameterTypeName(i + 1);
            ids[i] = Integer.toUnsignedLong(known.getPGType(name));
            // a type can be dropped, and another created with its name
            fingerprint.append(name).append(' ').append(ids[i]).append('\n');
        }
        return new ParameterTypes(connection, sql, ids, fingerprint.toString());
    }

    /** Tells these types from any others, also from earlier ones of the same names. */
    String fingerprint() {
        return fingerprint;
    }

    /**
     * How a value is written for each parameter; queries the server. The driver keeps the names of types, and finds them by
     * their names, though they may have been renamed: so the server is asked for those of the statement once more, as what
     * they are.
     */
    ParameterKind[] kinds() throws SQLException {
        ParameterKind[] kinds = new ParameterKind[ids.length];
        Arrays.fill(kinds, ParameterKind.TEXT);
        try (PreparedStatement query = connection.prepareStatement(KINDS)) {
            query.setArray(1, connection.createArrayOf("oid", TemplateDescriber.isCall(sql) ? ids : prepared()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    kinds[row.getInt(1) - 1] = new ParameterKind(
                            row.getBoolean(2),
                            row.getString(3) == null ? ValueType.TEXT : ValueType.valueOf(row.getString(3)),
                            row.getBoolean(4),
                            new SetType(row.getString(5), row.getBoolean(6)));
                }
            }
        }
        return kinds;
    }

    private Object[] prepared() throws SQLException {
        // the transaction may fail before it is given up, and no later one must meet its name
        String name = "sequin_" + UUID.randomUUID().toString().replace("-", "");
        try (Statement prepare = connection.createStatement();
                PreparedStatement query = connection.prepareStatement(PREPARED)) {
            prepare.setEscapeProcessing(false);
            prepare.execute("prepare " + name + " as " + connection.nativeSQL(sql));
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return (Object[]) row.getArray(1).getArray();
            } finally {
                prepare.execute("deallocate " + name);
            }
        }
    }
}
