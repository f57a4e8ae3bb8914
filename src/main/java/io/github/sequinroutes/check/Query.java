package io.github.sequinroutes.check;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Asks the database. */
final class Query {
    private Query() {}

    /** Reads a row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows, with these values for the parameters. */
    static <T> List<T> rows(Connection connection, String sql, RowReader<T> reader, Object... values)
            throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
        }
        return rows;
    }

    /** The only value, or that of the first row; null if there is none. */
    static <T> T first(Connection connection, String sql, RowReader<T> reader, Object... values) throws SQLException {
        List<T> rows = rows(connection, sql, reader, values);
        return rows.isEmpty() ? null : rows.get(0);
    }
}
