package io.github.sequinroutes.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Statements that go to the server ahead of another one, and together with it: one round trip for all. If one of them fails,
 * those behind it are not executed. Used by one thread.
 */
public final class Ahead {
    private final StringBuilder sql = new StringBuilder();
    private final List<String> values = new ArrayList<>();
    private String expected;

    /** Adds statements, with a text for each of their parameters. */
    public Ahead add(String statements, String... texts) {
        sql.append(statements).append(";\n");
        values.addAll(List.of(texts));
        return this;
    }

    /** Adds statements, of which the last that returns a row must return this text. */
    public void addCheck(String statements, String text) {
        add(statements);
        expected = text;
    }

    /** Whether none is to be sent. */
    public boolean isEmpty() {
        return sql.length() == 0;
    }

    /** Prepares a statement behind these, which are sent with it, and only with it. */
    public Prepared prepare(Connection connection, String statement) throws SQLException {
        PreparedStatement all = connection.prepareStatement(sql + statement);
        for (int i = 0; i < values.size(); i++) {
            all.setString(i + 1, values.get(i));
        }
        Prepared prepared = new Prepared(all, values.size(), expected);
        sql.setLength(0);
        values.clear();
        expected = null;
        return prepared;
    }

    /**
     * A statement and those ahead of it.
     *
     * @param before   how many parameters stand before its own
     * @param expected what those ahead must return; null if that does not matter
     */
    public record Prepared(PreparedStatement statement, int before, String expected) implements AutoCloseable {
        /**
         * Executes all of them, and returns how many rows the last one has written.
         *
         * @throws UnexpectedException if those ahead have returned something else than they should
         */
        public int executeUpdate() throws SQLException {
            if (before == 0 && expected == null) {
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
        UnexpectedException(String told) {
            super("What was taken for granted is not so: " + told);
        }
    }
}
