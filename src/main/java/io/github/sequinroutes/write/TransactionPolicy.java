package io.github.sequinroutes.write;

import io.github.sequinroutes.database.SessionSettings;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.failure.Failures;
import java.sql.Connection;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;

/** Runs the steps in it in one transaction, within the limit of those who write: their SQL is committed, or none. */
public final class TransactionPolicy implements Policy {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionPolicy.class);

    private final DataSource dataSource;
    private final PlatformTransactionManager transactions;
    private final WriteLimit limit;
    private final long timeoutMillis;

    /** Transactions of one database; each statement may take {@code timeoutMillis}. */
    public TransactionPolicy(DataSource dataSource, WriteLimit limit, long timeoutMillis) {
        this.dataSource = dataSource;
        this.limit = limit;
        this.timeoutMillis = timeoutMillis;
        transactions = new JdbcTransactionManager(dataSource);
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to prepare
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> limit.run(() -> {
            // tells the SQL endpoints not to commit, and Camel to stay on this thread
            exchange.getUnitOfWork().beginTransactedBy(this);
            try {
                run(steps, exchange);
            } finally {
                exchange.getUnitOfWork().endTransactedBy(this);
            }
        });
    }

    private void run(Processor steps, Exchange exchange) {
        TransactionStatus transaction = transactions.getTransaction(null);
        try {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            SessionSettings.begin(connection, timeoutMillis, timeoutMillis);
            steps.process(exchange);
            if (exchange.getException() == null) {
                SessionSettings.end(connection);
            }
        } catch (Throwable e) {
            exchange.setException(e);
        }
        if (exchange.getException() == null) {
            transactions.commit(transaction);
            return;
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        if (!Failures.isReportedByServer(exchange.getException())) {
            Transactions.end(connection, false);
        }
        try {
            transactions.rollback(transaction);
        } catch (TransactionException e) {
            // the connection is gone, and the transaction with it: why, says the failure that led here
            LOG.debug("The rollback failed", e);
        }
    }
}
