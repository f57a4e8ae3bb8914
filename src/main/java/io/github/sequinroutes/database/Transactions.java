package io.github.sequinroutes.database;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.RecordFaultException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in a transaction of its own. After a failure that PostgreSQL has not reported itself the connection is
 * thrown away: the driver may have lost track of what the server sends, and would commit what was rolled back.
 * Thread-safe.
 */
public final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final DataSource dataSource;

    /** What is done in a transaction. */
    public interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** Transactions of one database. */
    public Transactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Commits the work, unless it fails.
     *
     * @param timeoutMillis how long each statement may take
     */
    public void commit(long timeoutMillis, Work work) throws SQLException {
        run(timeoutMillis, timeoutMillis, work, true);
    }

    /**
     * The same.
     *
     * @param lockMillis how long each statement may wait for a lock, at most; a little less than it may take, in any case
     */
    public void commit(long timeoutMillis, long lockMillis, Work work) throws SQLException {
        run(timeoutMillis, lockMillis, work, true);
    }

    /** Does the work and rolls it back: only whether it fails is of interest. */
    public void tryOut(long timeoutMillis, Work work) throws SQLException {
        run(timeoutMillis, timeoutMillis, work, false);
    }

    private void run(long timeoutMillis, long lockMillis, Work work, boolean commit) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean done = false;
            try {
                connection.setAutoCommit(false);
                SessionSettings.begin(connection, timeoutMillis, lockMillis);
                work.run(connection);
                SessionSettings.end(connection);
                if (commit) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                done = true;
            } catch (SQLException e) {
                end(connection, Failures.isReportedByServer(e) || e instanceof RecordFaultException);
                done = true;
                throw e;
            } finally {
                if (!done) {
                    end(connection, false);
                }
            }
            connection.setAutoCommit(true);
        }
    }

    /** Rolls back; a connection that is not sound is cut off first, which the pool notices by the rollback. */
    public static void end(Connection connection, boolean isSound) {
        try {
            if (!isSound) {
                connection.abort(Runnable::run);
            }
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // the connection is gone, and the transaction with it: why, says the failure that led here
            LOG.debug("The connection is given up", e);
        }
    }
}
