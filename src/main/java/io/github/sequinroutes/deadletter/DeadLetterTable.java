package io.github.sequinroutes.deadletter;

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

    private static final int PAGE_ROWS = 500;
    private static final int PAGE_BYTES = 16 * 1024 * 1024;
    /** PostgreSQL knows a value's length without reading it: rows after the page cost nothing. */
    private static final String PENDING = """
            select id, identity is not null, message_bytes, case when message_bytes is null then message end from (
              select id, identity, message, message_bytes, row_number() over so_far as row_no,
                sum(coalesce(octet_length(message_bytes), octet_length(message))) over so_far as bytes
              %s and replayed_at is null and id > %d
              window so_far as (order by id rows unbounded preceding) order by id limit %d) page
            where row_no = 1 or bytes <= %d order by id""";

    private static final String IDENTIFY = """
            update sequin.dead_letters set identity = ? where id = ? and not exists (
              select from sequin.dead_letters
              where coalesce(identity, sequin.dead_letter_identity(consumer, collection, record_id, version)) = ?)""";

    private final DataSource dataSource;
    private final String consumer;

    /** Which dead letters: null means any. */
    public record Filter(String collection, String reason, Long id) {}

    /** How many dead letters are alike. */
    public record Count(String collection, String reason, String sqlState, long total, long replayed) {}

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** The consumer whose dead letters they are. */
    public String consumer() {
        return consumer;
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

    /**
     * A page of pending dead letters with an ID above {@code afterId}, oldest first: at most 500, and at most 16 MB unless
     * the first alone is larger.
     */
    List<PendingDeadLetter> pending(Filter filter, long afterId) throws SQLException {
        return query(PENDING.formatted(WHERE, afterId, PAGE_ROWS, PAGE_BYTES), filter, row -> {
            long id = row.getLong(1);
            boolean hasIdentity = row.getBoolean(2);
            byte[] received = row.getBytes(3);
            // the driver's bytes of a text column are UTF-8
            return received == null
                    ? PendingDeadLetter.ofText(id, hasIdentity, row.getBytes(4))
                    : PendingDeadLetter.exact(id, hasIdentity, received);
        });
    }

    /**
     * Sets the identity of dead letters that earlier versions stored without one, so that they are the same dead letters
     * if they fail again; unless another has that identity already.
     */
    void identify(List<PendingDeadLetter> deadLetters) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(IDENTIFY)) {
            for (PendingDeadLetter deadLetter : deadLetters) {
                if (!deadLetter.hasIdentity() && !deadLetter.isRefused()) {
                    String identity = Identity.of(consumer, deadLetter.message());
                    update.setString(1, identity);
                    update.setLong(2, deadLetter.id());
                    update.setString(3, identity);
                    update.executeUpdate();
                }
            }
        }
    }

    /** All columns of a dead letter, by name; empty if there is no such one. */
    public Map<String, String> find(long id) throws SQLException {
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
