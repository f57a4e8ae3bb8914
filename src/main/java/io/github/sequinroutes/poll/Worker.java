package io.github.sequinroutes.poll;

import io.github.sequinroutes.failure.BackOff;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.HttpFailures;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.poll.Outages.Attempt;
import io.github.sequinroutes.poll.Outages.End;
import io.github.sequinroutes.sequin.Batches;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Paces one worker: what it asks the consumer for, when it rests, how it backs off.
 * While messages come it takes as many as it may at once. When none are left it waits for one, and then takes the rest:
 * a long poll for a whole batch would hold the first message back until the batch is full.
 * Used by one thread at a time; its state can be read by others.
 */
public final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Pace pace;
    private final Gate gate;
    private final BackOff backOff = new BackOff();
    private final Rest rest = new Rest();
    private boolean drained;
    private boolean waiting;
    private boolean probed;
    private volatile boolean isPreparing;
    private long askedAt;
    private int askedFor;
    private long askedToWaitMillis;
    private volatile String failure;
    private volatile boolean needsProbe = true;
    private volatile long respondedAt = System.nanoTime();
    private volatile boolean responded;
    private volatile boolean isBehind;
    private volatile long pending = Batches.UNKNOWN;
    private volatile long inFlight = Batches.UNKNOWN;
    private volatile long caughtUpMillis;
    private final PollCounters polls = new PollCounters();
    private volatile Listener listener = nanos -> {};

    /** Is told of responses. */
    public interface Listener {
        /** A request that was not to wait for a message has been answered, after so many nanoseconds. */
        void answered(long nanos);
    }

    /** A worker that works like this, while the gate is open. */
    public Worker(Pace pace, Gate gate) {
        this.pace = pace;
        this.gate = gate;
    }

    /** Has a listener told of responses from now on. */
    void listen(Listener told) {
        listener = told;
    }

    /** The polls of one firing, numbered: they end when the consumer is drained or the route is to stop. */
    public Iterator<Long> polls(Exchange firing) {
        ServiceSupport consumer = (ServiceSupport)
                firing.getContext().getRoute(firing.getFromRouteId()).getConsumer();
        drained = false;
        return new Iterator<>() {
            private long polls;

            @Override
            public boolean hasNext() {
                while ((backOff.millisLeft() > 0 || gate.isPending()) && consumer.isStarted()) {
                    LockSupport.parkNanos(TICK_NANOS);
                }
                return !drained && consumer.isStarted() && gate.isOpen();
            }

            @Override
            public Long next() {
                return ++polls;
            }
        };
    }

    /** Messages that are left unacked must be tried again in time. */
    private long waitForMillis() {
        return pace.hasUnacked().getAsBoolean()
                ? Math.min(pace.waitForMillis(), Rest.MAX_MILLIS)
                : pace.waitForMillis();
    }

    /**
     * The next request, as JSON. Its preparation comes first: at first and after a failure no message is fetched before the
     * database answers.
     *
     * @throws Exception if that fails
     */
    public String request() throws Exception {
        probed = needsProbe;
        isPreparing = true;
        askedAt = System.nanoTime();
        if (pace.preparation().prepare(probed)) {
            waiting = false; // there is something to fetch for certain
        }
        if (probed) {
            pace.outages().worked(End.POSTGRES, Attempt.PREPARATION, askedAt);
        }
        isPreparing = false;
        askedAt = System.nanoTime();
        askedFor = pace.deadLetters().limit(pace.sizes().limit());
        askedToWaitMillis = waiting ? waitForMillis() : 0;
        return pace.api().request(askedFor, askedToWaitMillis);
    }

    /** Notes that a response has been read, written and acked. */
    public void received(Batches response) {
        hasWorked(End.SEQUIN);
        if (probed || response.received() > 0) {
            hasWorked(End.POSTGRES);
        }
        if (response.received() > 0) {
            hasWorked(End.BATCHES);
        }
        if (!pace.ackFailures().areThere()) {
            hasWorked(End.ACKS);
        }
        pace.heldBack().received(response.received(), response.pending(), response.inFlight());
        backOff.succeeded();
        pace.sizes().received(askedAt, response.received());
        failure = null;
        needsProbe = false;
        count(response);
        pending = response.pending();
        inFlight = response.inFlight();
        isBehind = pending > 0 || response.received() >= askedFor;
        respondedAt = System.nanoTime();
        caughtUpMillis = isBehind ? caughtUpMillis : System.currentTimeMillis();
        responded = true;
        backOff.atLeast(
                pace.deadLetters().restMillis(response.count(Outcome.WRITTEN), response.count(Outcome.DEAD_LETTERED)));
        if (response.received() > 0) {
            waiting = false;
            rest.reset();
        } else if (!pace.continuous()) {
            drained = true;
        } else if (!waiting) {
            waiting = true;
        } else if (askedToWaitMillis == 0 || millisSince(askedAt) < askedToWaitMillis / 2) {
            backOff.atLeast(rest.nextMillis());
        } else {
            rest.reset();
        }
    }

    private void count(Batches response) {
        polls.count(response.received() > 0 ? PollOutcome.MESSAGES : PollOutcome.EMPTY);
        if (askedToWaitMillis == 0) {
            listener.answered(response.readAt() - askedAt);
        }
    }

    /** Notes that no response came, or not all of it could be written: backs off, longer each time. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception caught) {
        if (ObjectHelper.getException(Gate.ClosedException.class, caught) != null) {
            return; // it ends, and has failed at nothing
        }
        needsProbe = true;
        waiting = false;
        String error = pace.advice().describe(caught);
        boolean isRefused = HttpFailures.isRefusal(caught);
        polls.count(isRefused ? PollOutcome.REFUSED : PollOutcome.FAILED);
        if (isRefused) {
            backOff.failedForLong();
        } else if (HttpFailures.isFailedReceive(caught, pace.api().receive())) {
            error = failedReceive(caught, error);
        } else if (Failures.sqlCause(caught) != null) {
            // a probe of the database costs little, and there may be much to catch up
            backOff.failedForShort();
        } else {
            backOff.failed();
        }
        backOff.atLeast(HttpFailures.retryAfterMillis(caught));
        if (gate.isOpen()) {
            tell(caught, error);
        } else if (!isPreparing) { // nothing will be tried again
            LOG.info(
                    End.of(caught) == End.SEQUIN
                            ? "The last request for messages has failed: {}. If any were on their way, they come again."
                            : "What was in flight is given up: {}. It comes again when its lease is over.",
                    pace.advice().explain(caught));
        }
        LOG.debug("The failure", caught);
        failure = error;
    }

    private void hasWorked(End end) {
        pace.outages().worked(end, Attempt.BATCH, askedAt);
    }

    private void tell(Exception caught, String error) {
        End end = End.of(caught, pace.ackFailures().problem() != null);
        if (!isPreparing && end != End.SEQUIN) {
            hasWorked(End.SEQUIN); // else there would be no messages to fail with
        }
        // a lost connection is there again when a preparation has one; what else fails may do so in a batch only
        boolean endsWithPreparation = end == End.POSTGRES && (isPreparing || Failures.isOfConnection(caught));
        Attempt attempt = endsWithPreparation ? Attempt.PREPARATION : Attempt.BATCH;
        pace.outages().failed(end, attempt, askedAt, pace.advice().place(caught), error);
    }

    private String failedReceive(Throwable caught, String error) {
        pace.sizes().failed(askedAt, askedFor);
        boolean isOfOneMessage = askedFor == 1
                && HttpFailures.isUnexplained(caught)
                && pace.sizes().isServing();
        if (isOfOneMessage) {
            backOff.failedForOnce(); // there may be many like it, and behind them others that wait
        } else {
            backOff.failed();
        }
        String problem = isOfOneMessage ? pace.sizes().problem() : null;
        return problem == null ? error : problem;
    }

    /** The failure that it is trying to get over, in words for a person, or null. */
    public String failure() {
        return failure;
    }

    /** Whether it asks the database first, and the consumer for nothing yet. */
    public boolean isPreparing() {
        return isPreparing;
    }

    /** Whether the consumer has ever responded. */
    public boolean hasResponded() {
        return responded;
    }

    /** Whether the server had more messages when it last responded. */
    public boolean isBehind() {
        return isBehind;
    }

    /** How many messages the server had left when it last responded; less than 0 if it did not say. */
    public long pending() {
        return pending;
    }

    /** How many messages the server had delivered that were not acked, when it last responded; less than 0 if it did not say. */
    public long inFlight() {
        return inFlight;
    }

    /** When the server last had no more messages, in milliseconds since 1970; 0 if it always had. */
    public long caughtUpMillis() {
        return caughtUpMillis;
    }

    /** What has come of its requests. */
    PollCounters polls() {
        return polls;
    }

    /** How long ago the consumer last responded, in milliseconds. */
    public long millisSinceResponse() {
        return millisSince(respondedAt);
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }
}
