package io.github.sequinroutes.observe;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.failure.Advice;
import io.github.sequinroutes.poll.Outages;
import io.github.sequinroutes.poll.Outages.Attempt;
import io.github.sequinroutes.poll.Outages.End;
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
    private final Outages outages;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "database-monitor");
    private volatile Probe last;

    /**
     * Begins to monitor a database.
     *
     * @param dataSource best with a connection for this alone: to wait for another's tells nothing
     * @param outages    where it tells what fails: while no message comes no worker asks the database
     */
    public DatabaseMonitor(DataSource dataSource, Outages outages) {
        database = new Database(dataSource, false);
        this.outages = outages;
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
                long beganAt = System.nanoTime();
                last = new Probe(probe(), System.nanoTime());
                tell(last.problem, beganAt);
            } while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(String problem, long beganAt) {
        if (problem == null) {
            outages.worked(End.POSTGRES, Attempt.PROBE, beganAt);
        } else if (closed.getCount() > 0) { // a probe that is interrupted has failed at nothing
            outages.failed(End.POSTGRES, Attempt.PROBE, beganAt, problem);
        }
    }

    private String probe() {
        try {
            database.ask();
            return null;
        } catch (SQLException | RuntimeException e) {
            LOG.debug("The database does not answer", e);
            return Advice.describe(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
