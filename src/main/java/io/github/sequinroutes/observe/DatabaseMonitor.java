package io.github.sequinroutes.observe;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.failure.Advice;
import io.github.sequinroutes.failure.UnsuitableDatabaseException;
import io.github.sequinroutes.poll.Gate;
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
    private final Advice advice;
    private final Outages outages;
    private final Gate gate;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "database-monitor");
    private volatile Probe last;
    /** Of the monitor's own thread. */
    private boolean everAnswered;

    /**
     * Begins to monitor a database.
     *
     * @param dataSource best with a connection for this alone: to wait for another's tells nothing
     * @param advice     what to do about what fails
     * @param outages    where it tells what fails: while no message comes no worker asks the database
     * @param gate       once it is closed nothing is told: what fails in a stop is not tried again
     */
    public DatabaseMonitor(DataSource dataSource, Advice advice, Outages outages, Gate gate) {
        this.gate = gate;
        database = new Database(dataSource, false);
        this.advice = advice;
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
                probe(beganAt);
            } while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void probe(long beganAt) {
        try {
            database.ask();
            last = new Probe(null, System.nanoTime());
            everAnswered = true;
            outages.worked(End.POSTGRES, Attempt.PROBE, beganAt);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("The database does not answer", e);
            last = new Probe(advice.describe(e), System.nanoTime());
            if (isOutage(e)) {
                outages.failed(End.POSTGRES, Attempt.PROBE, beganAt, advice.place(e), last.problem);
            }
        }
    }

    /** A probe that is interrupted has failed at nothing, and a database that never was suitable is refused by the start. */
    private boolean isOutage(Exception e) {
        return closed.getCount() > 0
                && !gate.isClosed()
                && (everAnswered || !(e instanceof UnsuitableDatabaseException));
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
