package io.github.sequinroutes.observe;

import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.write.Collections;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Looks once a second at what is published and cannot be asked for by each scrape: which collections are paused, and how
 * many dead letters are pending. The database is asked when there may be more, and else once a minute. Thread-safe.
 */
final class MetricsMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsMonitor.class);
    private static final long PERIOD_MILLIS = 1_000;
    /** A stop waits for a count no longer than this. */
    private static final long END_MILLIS = 1_000;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** A count that takes long is made the less often: it may take this part of the time. */
    private static final int SHARE = 50;
    /** One that failed says nothing of how long counts take, and what hangs must not be asked without a rest. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** More are as bad. */
    private static final int MAX_PENDING = 100_000;

    private final Collections collections;
    private final DeadLetterTable deadLetters;
    private final MultiGauge paused;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "metrics-monitor");
    private volatile double pending = Double.NaN;
    private long stored = -1;
    private long askedAt = System.nanoTime();
    private long restNanos;

    /** Begins to look. */
    MetricsMonitor(Meters meters, Collections collections, DeadLetterTable deadLetters) {
        this.collections = collections;
        this.deadLetters = deadLetters;
        paused = meters.multiGauge("sequin.collection.paused", "1 for each collection that is paused");
        meters.gauge(
                "sequin.dead.letters.pending",
                "Dead letters that are still to be replayed, at most " + MAX_PENDING,
                () -> pending);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            do {
                showPaused();
                countDeadLetters();
            } while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            paused.register(List.of(), true);
        }
    }

    private void showPaused() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        collections.paused().keySet().forEach(name -> rows.add(MultiGauge.Row.of(Tags.of("collection", name), 1)));
        paused.register(rows, true);
    }

    private void countDeadLetters() {
        long begin = System.nanoTime();
        long now = collections.outcomes().of(Outcome.DEAD_LETTERED);
        long rested = begin - askedAt;
        if (rested < restNanos || (now == stored && rested < MINUTE_NANOS)) {
            return;
        }
        try {
            pending = deadLetters.countPending(MAX_PENDING);
            stored = now;
            restNanos = SHARE * (System.nanoTime() - begin);
        } catch (DataAccessException e) {
            LOG.debug("The pending dead letters cannot be counted", e);
            pending = Double.NaN;
            stored = -1; // unknown
            restNanos = AGAIN_NANOS;
        }
        askedAt = System.nanoTime();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(END_MILLIS); // the host may drop its database next
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
