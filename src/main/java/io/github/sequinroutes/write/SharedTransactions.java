package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.message.Lease;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has several collections of a batch written in one transaction, which costs no more than one for each of them. Only what is
 * usual is written so: what fails, or takes its time, is rolled back, and then each collection is written by itself, as if
 * nothing had been tried. Thread-safe.
 */
public final class SharedTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(SharedTransactions.class);
    /** A table that takes longer has the others wait for it. */
    private static final long STATEMENT_MILLIS = 2_000;

    private static final long LOCK_MILLIS = 500;
    /** The part of the time that a batch has left in which all of it is to begin. */
    private static final int SHARE = 4;

    private static final ThreadLocal<SharedTransaction> CURRENT = new ThreadLocal<>();

    private final Transactions transactions;
    private final WriteLimit limit;

    /** What sends groups to their sinks. */
    interface Sending {
        void run() throws Exception;
    }

    /** Transactions of one database, within the limit of those who write. */
    public SharedTransactions(Transactions transactions, WriteLimit limit) {
        this.transactions = transactions;
        this.limit = limit;
    }

    /** The one in which this thread writes, or null. */
    static SharedTransaction current() {
        return CURRENT.get();
    }

    /** Runs what sends groups of this lease to their sinks; those that are not written then are as they were before. */
    void run(Lease lease, Sending sending) {
        long millis = lease.writeMillisLeft() / SHARE;
        SharedTransaction shared = new SharedTransaction(Math.min(millis, STATEMENT_MILLIS), millis);
        try {
            limit.run(() -> transactions.commitQuickly(shared.timeoutMillis(), LOCK_MILLIS, (connection, trip) -> {
                shared.begin(connection, trip);
                CURRENT.set(shared);
                try {
                    sending.run();
                } catch (Exception e) {
                    shared.fail(e);
                } finally {
                    CURRENT.remove();
                }
                shared.requireSound();
            }));
        } catch (SQLException | RuntimeException | AssertionError e) { // the driver asserts what it believes
            LOG.debug("What was to be written in one transaction is written by collection", e);
            shared.rolledBack(e);
            return;
        }
        shared.committed();
    }
}
