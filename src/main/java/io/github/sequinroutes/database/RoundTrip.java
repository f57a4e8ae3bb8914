package io.github.sequinroutes.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes to the server together with the next statement: some before it, and a check behind it. If one of them fails,
 * those behind it are not executed. Used by one thread.
 */
public final class RoundTrip {
    private final StringBuilder before = new StringBuilder();
    private final List<String> values = new ArrayList<>();
    private String check;
    private String expected;

    /** Statements to be executed before, with a text for each of their parameters. */
    static RoundTrip beginningWith(String statements, String... texts) {
        RoundTrip trip = new RoundTrip();
        trip.before.append(statements).append(";\n");
        trip.values.addAll(List.of(texts));
        return trip;
    }

    /** Adds a query to be executed behind, which must return this text. */
    public void check(String query, String text) {
        check = query;
        expected = text;
    }

    /** Whether nothing goes with the next statement. */
    public boolean isEmpty() {
        return before.length() == 0 && check == null;
    }

    /** Prepares that statement; what goes with it goes with no other. */
    public Prepared prepare(Connection connection, String statement) throws SQLException {
        PreparedStatement all = connection.prepareStatement(before + statement + (check == null ? "" : ";\n" + check));
        for (int i = 0; i < values.size(); i++) {
            all.setString(i + 1, values.get(i));
        }
        Prepared prepared = new Prepared(all, values.size(), expected, isEmpty());
        before.setLength(0);
        values.clear();
        check = null;
        expected = null;
        return prepared;
    }

    /**
     * A statement and what goes with it.
     *
     * @param before   how many parameters stand before its own
     * @param expected what the query behind it must return; null if there is none
     * @param isAlone  whether nothing goes with it
     */
    public record Prepared(PreparedStatement statement, int before, String expected, boolean isAlone)
            implements AutoCloseable {
        /**
         * Executes it, and returns how many rows it has written.
         *
         * @throws UnexpectedException if the query behind it has returned something else than it should
         */
        public int executeUpdate() throws SQLException {
            if (isAlone) {
                return statement.executeUpdate();
            }
            String told = null;
            int rows = 0;
            boolean isRow = statement.execute();
            for (int count = 0; isRow || count >= 0; isRow = statement.getMoreResults()) {
                if (isRow) {
                    told = first(statement.getResultSet());
                } else {
                    count = statement.getUpdateCount();
                    rows = count < 0 ? rows : count;
                }
            }
            if (expected != null && !expected.equals(told)) {
                throw new UnexpectedException(told);
            }
            return rows;
        }

        private static String first(ResultSet rows) throws SQLException {
            try (rows) {
                return rows.next() ? rows.getString(1) : null;
            }
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }

    /** What was taken for granted is not so; nothing is wrong with the connection. */
    public static final class UnexpectedException extends SQLException {
        /** What it is instead. */
        public UnexpectedException(String told) {
            super("What was taken for granted is not so: " + told);
        }
    }
}
