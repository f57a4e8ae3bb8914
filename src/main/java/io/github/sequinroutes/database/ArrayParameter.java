package io.github.sequinroutes.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** A parameter with a value for each of many rows: one statement for all. */
public final class ArrayParameter {
    private ArrayParameter() {}

    /**
     * Binds it.
     *
     * @param position the parameter, from 1 on
     * @param type     PostgreSQL's name for the type of the values
     */
    public static <T> void bind(
            PreparedStatement statement, int position, String type, List<T> rows, Function<T, Object> value)
            throws SQLException {
        Object[] values = rows.stream().map(value).toArray();
        statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }
}
