package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Failures;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that were lost while records of a collection were written, although the database answers: usually the
 * network's doing, or that of a failover, and so the same records are written again at once. But a record may end its
 * connection each time, so after some in a row it is searched for. Thread-safe.
 */
final class LostConnections {
    private static final Logger LOG = LoggerFactory.getLogger(LostConnections.class);
    private static final int MAX_IN_A_ROW = 3;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private int inARow;
    private int most;
    private long lastAt;

    /** Whether a failed write has lost its connection: then its own error says nothing of the records. */
    static boolean isOne(Exception failure) {
        String state = Failures.sqlState(failure);
        boolean isClients = Failures.sqlCause(failure) != null && !Failures.isReportedByServer(failure);
        return isClients ? state == null || state.startsWith("08") : state != null && state.startsWith("57P");
    }

    /** Notes one more, with as many records of this collection, and tells it; returns whether they are to be written again as they are. */
    synchronized boolean isToBeTriedAgain(String collection, int records, Exception failure) {
        long now = System.nanoTime();
        if (inARow > 0 && now - lastAt > MINUTE) {
            inARow = 0;
        }
        lastAt = now;
        most = inARow == 0 ? records : Math.max(most, records);
        inARow++;
        if (inARow == 1) {
            LOG.warn(
                    "Outage of PostgreSQL, over at once: a connection was lost while {} of {} written: {}. Nothing is lost;"
                            + " what was not committed is written again.",
                    records == 1 ? "a message" : records + " messages",
                    collection + (records == 1 ? " was" : " were"),
                    Failures.describe(failure));
        }
        return inARow <= MAX_IN_A_ROW;
    }

    /** Notes that so many records were written at once: of fewer the one at fault may be none. */
    synchronized void wrote(int records) {
        if (records >= most) {
            inARow = 0;
        }
    }
}
