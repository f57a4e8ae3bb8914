package io.github.sequinroutes.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks at some rows of a table, for so long, in a transaction that goes on whatever comes of that. */
final class RowScan {
    /** Of each table, in the order in which they are stored. */
    static final int MAX_ROWS = 100_000;

    private static final int MAX_MILLIS = 10_000;
    private static final String CANCELED = "57014";
    private static final String NOT_ALLOWED = "42501";

    private final Connection connection;

    RowScan(Connection connection) {
        this.connection = connection;
    }

    /**
     * Counts the rows for which a condition holds.
     *
     * @param columns   what the condition is about, as SQL
     * @param condition an expression over {@code c1}, {@code c2}, …
     * @return how many of the first {@link #MAX_ROWS}, in words, or null if none
     * @throws SQLException if the source no longer answers
     */
    String count(SourceTable table, List<String> columns, String condition) throws SQLException {
        String values = numbered(columns);
        String query = "select count(*) from (select %s from %s limit %d) as row_sample (%s) where %s"
                .formatted(String.join(", ", columns), table.sqlName(), MAX_ROWS, values, condition);
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("set local statement_timeout = " + MAX_MILLIS);
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getLong(1) == 0 ? null : "%d of its first %d rows".formatted(row.getLong(1), MAX_ROWS);
            }
        } catch (SQLException e) {
            if (CANCELED.equals(e.getSQLState())) {
                return "perhaps some rows, which took too long to look at,";
            } else if (NOT_ALLOWED.equals(e.getSQLState())) {
                return "perhaps some rows, which this role may not look at,";
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback(before);
            }
        }
    }

    private static String numbered(List<String> columns) {
        return IntStream.rangeClosed(1, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    }
}
