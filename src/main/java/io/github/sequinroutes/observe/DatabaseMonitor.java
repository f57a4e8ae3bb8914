package io.github.sequinroutes.observe;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.failure.Failures;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes once a second whether the database can be written to, so that a request for health need not wait for it.
 * Thread-safe.
 */
public final class DatabaseMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseMonitor.class);
    private static final long PERIOD_MILLIS = 1_000;
    /** A database that hangs gives no answer, not even a bad one. */
    private static final long STALE_MILLIS = 5_000;

    private record Probe(String problem, long nanoTime) {}

    private final Database database;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "database-monitor");
    private volatile Probe last;

    /**
     * Begins to monitor a database.
     *
     * @param dataSource best with a connection for this alone: to wait for another's tells nothing
     */
    public DatabaseMonitor(DataSource dataSource) {
        database = new Database(dataSource, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** What is wrong with the database, in words for a person; null if it has answered lately. */
    String problem() {
        Probe probe = last;
        if (probe == null) {
            return "no answer yet";
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - probe.nanoTime);
        if (probe.problem == null && millis > STALE_MILLIS) {
            return "no answer for " + millis / 1000 + " s";
        }
        return probe.problem;
    }

    private void run() {
        try {
            do {
                last = new Probe(probe(), System.nanoTime());
            } while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String probe() {
        try {
            database.ask();
            return null;
        } catch (SQLException | RuntimeException e) {
            LOG.debug("The database does not answer", e);
            return Failures.describe(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
