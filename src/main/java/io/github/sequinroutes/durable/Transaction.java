package io.github.sequinroutes.durable;

import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;

/** Runs the steps in it in one transaction: all of their SQL is committed, or none. */
public final class Transaction implements Policy {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final PlatformTransactionManager transactions;

    /** Transactions of one database. */
    public Transaction(DataSource dataSource) {
        transactions = new JdbcTransactionManager(dataSource);
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to prepare
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> {
            // tells the SQL endpoints not to commit, and Camel to stay on this thread
            exchange.getUnitOfWork().beginTransactedBy(this);
            try {
                run(steps, exchange);
            } finally {
                exchange.getUnitOfWork().endTransactedBy(this);
            }
        };
    }

    private void run(Processor steps, Exchange exchange) {
        TransactionStatus transaction = transactions.getTransaction(null);
        try {
            steps.process(exchange);
        } catch (Throwable e) {
            exchange.setException(e);
        }
        if (exchange.getException() == null) {
            transactions.commit(transaction);
        } else {
            rollBack(transaction);
        }
    }

    private void rollBack(TransactionStatus transaction) {
        try {
            transactions.rollback(transaction);
        } catch (TransactionException e) {
            // the connection is gone, and the transaction with it: why, says the failure that led here
            LOG.debug("The rollback failed", e);
        }
    }
}
