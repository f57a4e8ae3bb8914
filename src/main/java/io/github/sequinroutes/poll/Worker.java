package io.github.sequinroutes.poll;

import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.read.Batches;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Paces one worker: what it asks the consumer for, when it rests, how it backs off.
 * While messages come it takes as many as it may at once. When none are left it waits for one, and then takes the rest:
 * a long poll for a whole batch would hold the first message back until the batch is full.
 * Used by one thread at a time.
 */
public final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long REST_MILLIS = 1_000;
    private static final long FIRST_BACK_OFF_MILLIS = 250;
    private static final long LONGEST_BACK_OFF_MILLIS = 30_000;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final int batchSize;
    private final long waitForMillis;
    private final boolean continuous;

    private boolean drained;
    private boolean waiting;
    private boolean doubtful = true;
    private int failures;
    private long pauseMillis;
    private long askedAt;

    /**
     * A worker.
     *
     * @param batchSize     the most messages to take at once
     * @param waitForMillis how long the server may hold a request while there is no message, in milliseconds
     * @param continuous    whether to wait for messages once the consumer is drained, rather than to rest until the
     *                      next firing
     */
    public Worker(int batchSize, long waitForMillis, boolean continuous) {
        this.batchSize = batchSize;
        this.waitForMillis = waitForMillis;
        this.continuous = continuous;
    }

    /** The requests of one firing, as JSON: they end when the consumer is drained or the route is to stop. */
    public Iterator<String> requests(Exchange firing) {
        ServiceSupport consumer = (ServiceSupport)
                firing.getContext().getRoute(firing.getFromRouteId()).getConsumer();
        drained = false;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                pause(consumer);
                return !drained && isRunning(consumer);
            }

            @Override
            public String next() {
                askedAt = System.nanoTime();
                return waiting
                        ? "{\"batch_size\": 1, \"wait_for\": %d}".formatted(waitForMillis)
                        : "{\"batch_size\": %d}".formatted(batchSize);
            }
        };
    }

    /** Whether the database must answer before messages are fetched: at first, and after a failure. */
    public boolean isDoubtful() {
        return doubtful;
    }

    /** Notes that an answer has been read, written and acked. */
    public void received(Batches answer) {
        if (failures > 0) {
            LOG.info("Going on after {} failed attempts.", failures);
        }
        failures = 0;
        doubtful = false;
        if (answer.received() > 0) {
            waiting = false;
        } else if (!continuous) {
            drained = true;
        } else if (!waiting) {
            waiting = true;
        } else if (millisSince(askedAt) < waitForMillis / 2) {
            // answered at once: other workers hold what there is
            pauseMillis = REST_MILLIS;
        }
    }

    /** Notes that an answer could not be had, or not all of it written: backs off, longer each time. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        doubtful = true;
        waiting = false;
        long longest = Math.min(LONGEST_BACK_OFF_MILLIS, FIRST_BACK_OFF_MILLIS << Math.min(failures, 20));
        pauseMillis = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
        failures++;
        LOG.warn("{}. Nothing is lost; trying again in {} ms.", Failures.describe(failure), pauseMillis);
        LOG.debug("The failure", failure);
    }

    private void pause(ServiceSupport consumer) {
        long begin = System.nanoTime();
        while (millisSince(begin) < pauseMillis && isRunning(consumer)) {
            LockSupport.parkNanos(TICK_NANOS);
        }
        pauseMillis = 0;
    }

    private static boolean isRunning(ServiceSupport consumer) {
        return consumer.isStarted();
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }
}
