package io.github.sequinroutes.poll;

import io.github.sequinroutes.failure.BackOff;
import io.github.sequinroutes.failure.DatabaseAwayException;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages over to a route of the host's. What that completes is acked; what fails is given back, later each time, so
 * that it neither comes again at once nor holds back the others. Thread-safe.
 */
public final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int MAX_HELD = 50_000;
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final String name;
    private final boolean oneByOne;
    private final Callable<ProducerTemplate> routes;
    private final BackOff backOff = new BackOff();
    private final Set<String> failed = new LinkedHashSet<>();
    private long failedAt = System.nanoTime();

    /**
     * To one route.
     *
     * @param name     what the source is called in the log
     * @param oneByOne whether the route gets each message by itself, rather than those of a batch together
     * @param routes   what calls routes, asked for when the context is there
     */
    public Deliveries(String name, boolean oneByOne, Callable<ProducerTemplate> routes) {
        this.name = name;
        this.routes = routes;
        this.oneByOne = oneByOne;
    }

    /** What the route gets of a batch, each by itself. */
    public List<Group> parts(Batch batch) {
        if (!oneByOne) {
            return List.of(batch.group(name, batch.messages()));
        }
        return batch.messages().stream()
                .map(message -> batch.group(name, List.of(message)))
                .toList();
    }

    /** What the route gets as its body. */
    public Object body(Group group) {
        return oneByOne ? group.iterator().next() : group;
    }

    /**
     * Sends messages to the route, as an exchange of its own, and notes whether it has completed them.
     *
     * @throws DatabaseAwayException if it would fail with any other, too
     */
    public void send(Group group) throws Exception {
        // without Group.VARIABLE: no sink of a bundle is to settle them
        Exchange own = routes.call()
                .send("direct:" + name + "-records", sent -> sent.getMessage().setBody(group));
        if (own.getException() != null) {
            failed(group, own.getException());
        } else if (own.isRollbackOnly() || own.isRollbackOnlyLast()) {
            failed(group, new IllegalStateException("it has marked its exchange for rollback"));
        } else {
            group.forEach(message -> message.settle(Outcome.COMPLETED));
        }
    }

    private synchronized void failed(Group group, Exception caught) {
        DatabaseAwayException away = ObjectHelper.getException(DatabaseAwayException.class, caught);
        if (away != null) {
            throw away;
        }
        int before = failed.size();
        for (Message message : group) {
            if (message.leaveUnacked() && message.ackToken() != null && failed.size() < MAX_HELD) {
                failed.add(message.ackToken());
            }
        }
        if (backOff.millisLeft() == 0) {
            if (System.nanoTime() - failedAt > FORGOTTEN_NANOS) {
                backOff.reset();
            }
            failedAt = System.nanoTime();
            backOff.failed();
            LOG.warn(
                    "The route of {} has failed with {} messages. Nothing is lost; they come again in {} ms. {}",
                    name,
                    failed.size() - before,
                    backOff.millisLeft(),
                    Failures.describe(caught));
        }
        LOG.debug("The failure", caught);
    }

    /** Notes nothing: what has become of messages is the route's own business. */
    public void count(Batch batch) {
        LOG.debug(
                "{} messages have been handed to the route of {}",
                batch.messages().size(),
                name);
    }

    /** Whether messages wait to be given back. */
    public synchronized boolean areHeld() {
        return !failed.isEmpty();
    }

    /** The tokens of messages that are to be given back now. */
    public synchronized List<String> takeReturnable() {
        if (backOff.millisLeft() > 0) {
            return List.of();
        }
        List<String> tokens = new ArrayList<>(failed);
        failed.clear();
        return tokens;
    }
}
