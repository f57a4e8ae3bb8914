package io.github.sequinroutes.observe;

import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.poll.Outages;
import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.sequin.AckFailures;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.OutcomeCounters;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs how a bundle gets on with its backlog, when it has caught up, and when what has failed is over. */
public final class Progress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long PERIOD_MILLIS = 500;

    private final String bundle;
    private final Collection<Worker> workers;
    private final AckFailures ackFailures;
    private final Outages outages;
    private final Collections collections;
    private final OutcomeCounters outcomes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "progress");

    /** Begins to watch; {@code bundle} is its name, empty if there is no other. */
    public Progress(String bundle, Workers workers, Collections collections) {
        this.bundle = bundle.isEmpty() ? "" : "Bundle " + bundle + ": ";
        this.workers = workers.byName().values();
        ackFailures = workers.ackFailures();
        outages = workers.outages();
        this.collections = collections;
        outcomes = collections.outcomes();
        thread.setDaemon(true);
        thread.start();
    }

    @SuppressWarnings(
            "SystemConsoleNull") // from 22 on a console may be there and be no terminal: then the bar is in a file
    private static boolean isWatched() {
        return System.console() != null;
    }

    private void run() {
        Backlog backlog = new Backlog(isWatched(), seen());
        try {
            while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                outcomes.tellDeadLetters();
                outages.tellOver();
                if (workers.stream().allMatch(Worker::hasResponded)) {
                    String line = backlog.lineFor(seen());
                    // what is written without an ack comes again: that is no progress, and the outage is told once a
                    // minute
                    if (line != null && !ackFailures.areThere()) {
                        LOG.info("{}{}.", bundle, line);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Backlog.Seen seen() {
        long pending = workers.stream()
                .min(Comparator.comparing(Worker::millisSinceResponse))
                .map(Worker::pending)
                .orElse(-1L);
        return new Backlog.Seen(
                System.nanoTime(),
                // what is not acked comes again
                ackFailures.areThere() || workers.stream().anyMatch(Worker::isBehind),
                outcomes.durable(),
                outcomes.of(Outcome.DEAD_LETTERED),
                pending,
                collections.paused().size(),
                collections.haveUnacked());
    }

    @Override
    public void close() {
        closed.countDown();
        outcomes.tellAllDeadLetters();
    }
}
