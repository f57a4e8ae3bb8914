package io.github.sequinroutes.durable;

import javax.sql.DataSource;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs the steps in it in one transaction: all of their SQL is committed, or none. */
public final class Transaction implements Policy {
    private final TransactionTemplate transactions;

    /** Transactions of one database. */
    public Transaction(DataSource dataSource) {
        transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
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
                transactions.executeWithoutResult(status -> process(steps, exchange));
            } finally {
                exchange.getUnitOfWork().endTransactedBy(this);
            }
        };
    }

    private static void process(Processor steps, Exchange exchange) {
        try {
            steps.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            throw new CamelExecutionException("rolled back", exchange, exchange.getException());
        }
    }
}
