package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Transactions;
import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/** Runs the steps in it in one transaction, within the limit of those who write: their SQL is committed, or none. */
public final class TransactionPolicy implements Policy {
    private final Transactions transactions;
    private final WriteLimit limit;
    private final long timeoutMillis;

    /** Transactions of one database; each statement may take {@code timeoutMillis}. */
    public TransactionPolicy(Transactions transactions, WriteLimit limit, long timeoutMillis) {
        this.transactions = transactions;
        this.limit = limit;
        this.timeoutMillis = timeoutMillis;
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
                transactions.commit(timeoutMillis, connection -> run(steps, exchange));
            } catch (Throwable e) {
                if (exchange.getException() == null) {
                    exchange.setException(e);
                }
            } finally {
                exchange.getUnitOfWork().endTransactedBy(this);
            }
        });
    }

    private static void run(Processor steps, Exchange exchange) throws SQLException {
        try {
            steps.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            throw new SQLException("A step of the transaction has failed", exchange.getException());
        }
    }
}
