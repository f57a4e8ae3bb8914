package io.github.sequinroutes.durable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The table {@code sequin.dead_letters}, for those who work through it. */
public final class DeadLetterTable {
    private static final String WHERE = """
             from sequin.dead_letters where consumer = ?
            and (?::text is null or collection = ?) and (?::text is null or reason = ?) and (?::bigint is null or id = ?)""";

    private final DataSource dataSource;
    private final String consumer;

    /** Which dead letters: null means any. */
    public record Filter(String collection, String reason, Long id) {}

    /** How many dead letters are alike. */
    public record Count(String collection, String reason, String sqlState, long letters, long replayed) {}

    /** A dead letter's ID and message. */
    public record Letter(long id, String message) {}

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** The dead letters of one consumer. */
    public DeadLetterTable(DataSource dataSource, String consumer) {
        this.dataSource = dataSource;
        this.consumer = consumer;
    }

    /** The numbers of dead letters by collection, reason and SQLSTATE, and how many of them have been replayed. */
    public List<Count> counts(Filter filter) throws SQLException {
        return query(
                "select collection, reason, sqlstate, count(*), count(replayed_at)" + WHERE
                        + " group by 1, 2, 3 order by 1, 2, 3",
                filter,
                row -> new Count(row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5)));
    }

    /** Those that wait to be replayed, oldest first, behind one ID; at most so many. */
    public List<Letter> waiting(Filter filter, long behind, int most) throws SQLException {
        return query(
                "select id, message" + WHERE + " and replayed_at is null and id > " + behind + " order by id limit "
                        + most,
                filter,
                row -> new Letter(row.getLong(1), row.getString(2)));
    }

    /** All columns of one, by name; empty if there is no such dead letter. */
    public Map<String, String> whole(long id) throws SQLException {
        List<Map<String, String>> rows = query("select *" + WHERE, new Filter(null, null, id), row -> {
            Map<String, String> columns = new LinkedHashMap<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                columns.put(row.getMetaData().getColumnName(i), row.getString(i));
            }
            return columns;
        });
        return rows.isEmpty() ? Map.of() : rows.get(0);
    }

    /** Notes that these have been replayed. */
    public void replayed(List<Long> ids) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update sequin.dead_letters set replayed_at = now() where id = any(?)")) {
            update.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            update.executeUpdate();
        }
    }

    /** Deletes dead letters, replayed or not, and returns how many. */
    public int discard(Filter filter) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete" + WHERE)) {
            bind(delete, filter);
            return delete.executeUpdate();
        }
    }

    private <T> List<T> query(String sql, Filter filter, RowReader<T> reader) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            bind(query, filter);
            List<T> rows = new ArrayList<>();
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
            return rows;
        }
    }

    private void bind(PreparedStatement statement, Filter filter) throws SQLException {
        statement.setString(1, consumer);
        statement.setString(2, filter.collection);
        statement.setString(3, filter.collection);
        statement.setString(4, filter.reason);
        statement.setString(5, filter.reason);
        statement.setObject(6, filter.id, java.sql.Types.BIGINT);
        statement.setObject(7, filter.id, java.sql.Types.BIGINT);
    }
}
