package io.github.sequinroutes.database;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.RecordFaultException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Runs work in a transaction of its own, which is also that of Spring's JDBC on this thread. After a failure that
 * PostgreSQL has not reported itself the connection is thrown away: the driver may have lost track of what the server
 * sends, and would commit what was rolled back. Thread-safe.
 */
public final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** Never a part of another's: what is acked after the commit must be committed. */
    private static final TransactionDefinition NEW =
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

    private final DataSource dataSource;
    private final PlatformTransactionManager manager;
    /** Whether a commit is the connection's, and nothing else. */
    private final boolean commitsItself;

    /** What is done in a transaction. */
    public interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** The same, of which the first statement is to go to the server with those that begin the transaction. */
    public interface QuickWork {
        void run(Connection connection, RoundTrip trip) throws SQLException;
    }

    /** Transactions of one database. */
    public Transactions(DataSource dataSource) {
        // not its JdbcTransactionManager, which rolls back what failed to commit: that fails too where the connection
        // is
        // lost, and stands in for the error of the commit
        this(dataSource, new DataSourceTransactionManager(dataSource), true);
    }

    /** The same by a host's transaction manager, which must be that of the DataSource. */
    public Transactions(DataSource dataSource, PlatformTransactionManager manager) {
        this(dataSource, manager, false);
    }

    private Transactions(DataSource dataSource, PlatformTransactionManager manager, boolean commitsItself) {
        this.commitsItself = commitsItself;
        this.dataSource = dataSource;
        this.manager = manager;
    }

    /**
     * Commits the work, unless it fails.
     *
     * @param timeoutMillis how long each statement may take
     */
    public void commit(long timeoutMillis, Work work) throws SQLException {
        commit(timeoutMillis, timeoutMillis, work);
    }

    /**
     * The same.
     *
     * @param lockMillis how long each statement may wait for a lock, at most; a little less than it may take, in any case
     */
    public void commit(long timeoutMillis, long lockMillis, Work work) throws SQLException {
        commit(run(inSession(timeoutMillis, lockMillis, work), TransactionSynchronization.STATUS_COMMITTED));
    }

    /**
     * The same in as few round trips as it takes: which of its steps has failed, a failure does not tell, and not which
     * setting a trigger has left changed.
     */
    public void commitQuickly(long timeoutMillis, long lockMillis, QuickWork work) throws SQLException {
        commit(run(
                connection -> {
                    RoundTrip trip = SessionSettings.opening(timeoutMillis, lockMillis);
                    work.run(connection, trip);
                    if (!trip.isEmpty()) {
                        throw new RoundTrip.UnexpectedException(
                                "no statement went with those that begin the transaction");
                    }
                    SessionSettings.finish(connection, commitsItself);
                },
                TransactionSynchronization.STATUS_COMMITTED));
    }

    private void commit(TransactionStatus transaction) throws SQLException {
        if (transaction.isRollbackOnly()) {
            rollBack(transaction); // or else the manager rolls back, and says nothing
            throw new SQLException("The transaction was marked for rollback only", "40000");
        }
        try {
            manager.commit(transaction);
        } catch (RuntimeException e) {
            throw sql(e);
        }
    }

    /** Does the work and rolls it back: only whether it fails is of interest. */
    public void tryOut(long timeoutMillis, Work work) throws SQLException {
        tryOut(timeoutMillis, timeoutMillis, work);
    }

    /**
     * The same.
     *
     * @param lockMillis how long each statement may wait for a lock, at most; a little less than it may take, in any case
     */
    public void tryOut(long timeoutMillis, long lockMillis, Work work) throws SQLException {
        TransactionStatus transaction =
                run(inSession(timeoutMillis, lockMillis, work), TransactionSynchronization.STATUS_ROLLED_BACK);
        try {
            manager.rollback(transaction);
        } catch (RuntimeException e) {
            throw sql(e);
        }
    }

    private static Work inSession(long timeoutMillis, long lockMillis, Work work) {
        return connection -> {
            SessionSettings.begin(connection, timeoutMillis, lockMillis);
            work.run(connection);
            SessionSettings.end(connection);
        };
    }

    /** Does the work, and returns its transaction, which shall end with this status. */
    private TransactionStatus run(Work work, int status) throws SQLException {
        TransactionStatus transaction = begin();
        Connection connection = null;
        try {
            connection = DataSourceUtils.doGetConnection(dataSource);
            requireManaged(connection);
            work.run(connection);
            abortUnless(status, connection);
            return transaction;
        } catch (Throwable e) {
            if (connection != null && !isInOrder(e)) {
                abort(connection); // before the rollback, which could wait for an answer that never comes
            }
            rollBack(transaction);
            throw e;
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource); // keeps it until the transaction ends
        }
    }

    /** Whether the driver knows what the server will send next. */
    private static boolean isInOrder(Throwable failure) {
        return Failures.isReportedByServer(failure)
                || failure instanceof RecordFaultException
                || failure instanceof RoundTrip.UnexpectedException;
    }

    private TransactionStatus begin() throws SQLException {
        try {
            return manager.getTransaction(NEW);
        } catch (RuntimeException e) {
            throw sql(e);
        }
    }

    private void requireManaged(Connection connection) throws SQLException {
        boolean isOfAnother = manager instanceof ResourceTransactionManager known
                && known.getResourceFactory() instanceof DataSource its
                && TransactionSynchronizationUtils.unwrapResourceIfNecessary(its)
                        != TransactionSynchronizationUtils.unwrapResourceIfNecessary(dataSource);
        if (isOfAnother || connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "The transaction manager is not that of the bundle's DataSource: nothing would be rolled back");
        }
    }

    /** What fails at the end is told as the connection is about to go back to its pool. */
    private static void abortUnless(int expected, Connection connection) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    if (status != expected) {
                        abort(connection);
                    }
                }
            });
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("The connection is gone already", e);
        }
    }

    private void rollBack(TransactionStatus transaction) {
        try {
            manager.rollback(transaction);
        } catch (RuntimeException e) {
            // the connection is gone, and the transaction with it: why, says the failure that led here
            LOG.debug("The connection is given up", e);
        }
    }

    /** The failure itself, without the layers in which Spring has wrapped it. */
    private static SQLException sql(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        throw failure;
    }
}
