package io.github.sequinroutes.sandbox.value;

import io.github.sequinroutes.sandbox.replication.UncheckedSqlException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the changes of a database do not say themselves: types by their OIDs, primary keys by their tables. Thread-safe. */
public final class Catalog {
    private final String url;
    private final Map<Integer, PgType> types = new HashMap<>();

    /** The catalog of the database with this JDBC URL. */
    public Catalog(String url) {
        this.url = url;
    }

    /**
     * The type with this OID.
     *
     * @throws IllegalArgumentException if the database has none
     * @throws UncheckedSqlException if it is not to be reached
     */
    public synchronized PgType type(int oid) {
        PgType known = types.get(oid);
        if (known != null) {
            return known;
        }
        try (Connection connection = DriverManager.getConnection(url)) {
            return load(connection, oid);
        } catch (SQLException e) {
            throw new UncheckedSqlException("The type with OID " + oid + " cannot be read from the database", e);
        }
    }

    /**
     * The names of the columns of a table's primary key in the order of the table's columns, none if it has no key.
     *
     * @throws UncheckedSqlException if the database is not to be reached
     */
    public List<String> primaryKey(int table) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement query = connection.prepareStatement("select attname from pg_index i"
                        + " join pg_attribute a on attrelid = indrelid and attnum = any(indkey)"
                        + " where indrelid = ? and indisprimary order by attnum")) {
            query.setInt(1, table);
            List<String> names = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        } catch (SQLException e) {
            throw new UncheckedSqlException("The primary key of table " + table + " cannot be read", e);
        }
    }

    private PgType load(Connection connection, int oid) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select typname, typtype, typbasetype::int8, case typcategory when 'A' then typelem::int8 else 0 end"
                        + " from pg_type where oid = ?")) {
            query.setInt(1, oid);
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalArgumentException("The database has no type with OID " + oid);
                }
                PgType type = rows.getInt(3) != 0
                        ? load(connection, rows.getInt(3))
                        : new PgType(
                                rows.getString(1),
                                rows.getString(2).charAt(0),
                                rows.getInt(4) == 0 ? null : load(connection, rows.getInt(4)));
                types.put(oid, type);
                return type;
            }
        }
    }
}
