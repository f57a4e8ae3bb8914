package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.message.Lease;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has several collections of a batch written in one transaction, which costs no more than one for each of them. Only what is
 * usual is written so: what fails, or takes its time, is rolled back, and then each collection is written by itself, as if
 * nothing had been tried. Once it has taken a while, no other joins it: what must be in time for its lease is written by
 * itself. Thread-safe.
 */
public final class SharedTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(SharedTransactions.class);
    /** A table that takes longer has the others wait for it. */
    private static final long STATEMENT_MILLIS = 500;

    /** Of those that have lost their connection. */
    private static final String SEVERAL = "several collections";

    private static final ThreadLocal<SharedTransaction> CURRENT = new ThreadLocal<>();

    private final Transactions transactions;
    private final WriteLimit limit;
    private final Database database;
    private final LostConnections lostConnections = new LostConnections();

    /** What sends groups to their sinks. */
    interface Sending {
        void run() throws Exception;
    }

    /** Transactions of one database, within the limit of those who write. */
    public SharedTransactions(Transactions transactions, WriteLimit limit, Database database) {
        this.database = database;
        this.transactions = transactions;
        this.limit = limit;
    }

    /** The one in which this thread writes, or null. */
    static SharedTransaction current() {
        return CURRENT.get();
    }

    /** Runs what sends groups to their sinks, in this time; those that are not written then are as they were before. */
    void run(Lease lease, Sending sending) {
        SharedTransaction shared = new SharedTransaction(lease);
        try {
            limit.run(() -> commit(shared, Math.min(STATEMENT_MILLIS, lease.writeMillisLeft()), sending));
        } catch (SQLException | RuntimeException | AssertionError e) { // the driver asserts what it believes
            LOG.debug("What was to be written in one transaction is written by collection", e);
            shared.rolledBack(e);
            tellIfLost(shared, e);
            return;
        }
        shared.committed();
        lostConnections.wrote(shared.size());
    }

    private void commit(SharedTransaction shared, long millis, Sending sending) throws SQLException {
        transactions.commitQuickly(millis, millis, (connection, trip) -> {
            shared.begin(connection, trip, millis);
            CURRENT.set(shared);
            try {
                sending.run();
            } catch (Exception e) {
                shared.fail(e);
            } finally {
                CURRENT.remove();
            }
            shared.requireSound();
        });
    }

    /** What is written again at once would not tell. */
    private void tellIfLost(SharedTransaction shared, Throwable failure) {
        if (shared.size() > 0
                && failure instanceof SQLException lost
                && !(lost instanceof RoundTrip.UnexpectedException)
                && LostConnections.isOne(lost)
                && database.answers()) {
            lostConnections.isToBeTriedAgain(SEVERAL, shared.size(), lost);
        }
    }
}
