package io.github.sequinroutes.chaos;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Counts what is acked, and asks on a connection of its own whether it is committed, before the ack is applied. */
final class AckAudit implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final int EXAMPLES = 5;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final HikariDataSource pool = new HikariDataSource();
    private final Consumer<String> examples;
    private final AtomicLong acked = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();

    /** Reads from a database; a few of the violations are told to {@code examples}. */
    AckAudit(String jdbcUrl, Consumer<String> examples) {
        this.examples = examples;
        pool.setJdbcUrl(jdbcUrl);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionTimeout(2_000);
        pool.addDataSourceProperty("socketTimeout", "30");
    }

    /** How many records have been acked. */
    long acked() {
        return acked.get();
    }

    /** How many of them were not committed. */
    long violations() {
        return violations.get();
    }

    /** Notes that so many are acked. */
    void acked(int messages) {
        acked.addAndGet(messages);
    }

    /** Sets the parameters of a query. */
    interface Binder {
        void bind(Connection connection, PreparedStatement statement) throws SQLException;
    }

    /** Asks for those of a collection that are neither written nor dead letters: each is a violation. */
    void check(String where, String query, Binder binder) {
        for (String missing : rows(query, binder)) {
            if (violations.incrementAndGet() <= EXAMPLES) {
                examples.accept("acked before durable: " + where + " " + missing);
            }
        }
    }

    /** The rows of a query, once the database answers: it is being restarted time and again. */
    private List<String> rows(String query, Binder binder) {
        long begin = System.nanoTime();
        while (true) {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(query)) {
                binder.bind(connection, statement);
                List<String> rows = new ArrayList<>();
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        rows.add(result.getString(1));
                    }
                }
                return rows;
            } catch (SQLException e) {
                boolean away = e.getSQLState() == null || e.getSQLState().matches("(08|57|53|40).*");
                if (!away || System.nanoTime() - begin > PATIENCE_NANOS) {
                    examples.accept("the harness could not audit an ack: " + e);
                    throw new IllegalStateException(e); // the ack is not applied
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
