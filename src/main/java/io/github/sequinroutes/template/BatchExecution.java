package io.github.sequinroutes.template;

import io.github.sequinroutes.database.RoundTrip;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postgresql.jdbc.PgStatement;

/** Executes statements on a connection, each for many records, within one time. */
final class BatchExecution {
    private final Connection connection;
    private final RoundTrip trip;
    private final Way way;
    private final long deadline;

    /**
     * On this connection.
     *
     * @param trip          what goes to the server with the first statement that is for all records
     * @param timeoutMillis how long all of it may take
     * @param way           how it may send the records; by one statement only if no two of them mean the same row
     */
    BatchExecution(Connection connection, RoundTrip trip, long timeoutMillis, Way way) {
        this.connection = connection;
        this.trip = trip;
        this.way = way;
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    Connection connection() {
        return connection;
    }

    /** Executes a statement for each of these texts, and returns how many rows each has written, or less than 0 if unknown. */
    int[] run(String sql, List<String[]> all) throws SQLException {
        boolean isBatch = way != Way.SINGLY && all.size() > 1;
        int[] counts = new int[all.size()];
        try (PreparedStatement statement = prepare(sql)) {
            for (int i = 0; i < counts.length; i++) {
                bind(statement, all.get(i), 1);
                if (isBatch) {
                    statement.addBatch();
                } else {
                    // not as a batch: where the driver quotes a failed batch in its exception, it can fail at that
                    counts[i] = statement.executeUpdate();
                }
            }
            return isBatch ? statement.executeBatch() : counts;
        }
    }

    Way way() {
        return way;
    }

    PreparedStatement prepare(String sql) throws SQLException {
        return limited(connection.prepareStatement(sql));
    }

    /** Prepares a statement for all records. */
    RoundTrip.Prepared prepareForAll(String sql) throws SQLException {
        RoundTrip.Prepared prepared = trip.prepare(connection, sql);
        limited(prepared.statement());
        return prepared;
    }

    /** Whether something goes to the server with the next statement that is for all records. */
    boolean isWithOthers() {
        return !trip.isEmpty();
    }

    private PreparedStatement limited(PreparedStatement statement) throws SQLException {
        // the server's own time-out is for one statement, and a batch is many
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        statement.unwrap(PgStatement.class).setQueryTimeoutMs(Math.max(1, left));
        return statement;
    }

    /** Binds texts from this parameter on, and returns the parameter after them. */
    static int bind(PreparedStatement statement, String[] texts, int from) throws SQLException {
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] == null) {
                statement.setNull(from + i, Types.OTHER);
            } else {
                statement.setObject(from + i, texts[i], Types.OTHER);
            }
        }
        return from + texts.length;
    }
}
