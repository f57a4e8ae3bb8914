package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.BackOff;
import io.github.sequinroutes.message.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a collection's writes go: whether it waits, how many records it takes at once, and how long that may take.
 * Thread-safe.
 */
final class CollectionState {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionState.class);
    private static final int MAX_LIMIT = 1 << 20;
    private static final int ENOUGH_TO_BEGIN = 100;
    private static final long ACTIVE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** What waits behind a slow batch is not seen for as long as that takes. */
    private static final int ACTIVE_LEASES = 2;

    private static final long SHORTEST_MILLIS = 50;
    private static final long SHORT_MILLIS = 500;
    /** So many are given back at once while others need the worker: what cannot be written yet would only come and go. */
    private static final int FEW_TOKENS = 200;
    /** So many records tell whether a collection that waits takes any. */
    static final int SAMPLE = 64;
    /** More than can be in flight usually; the others come again when their lease is over. */
    private static final int MAX_HELD = 50_000;

    private final String name;
    private final long leaseNanos;
    private final BackOff backOff = new BackOff();
    private final AtomicInteger writers = new AtomicInteger();
    private final Suspects suspects = new Suspects();
    private final RecentOutcomes recent = new RecentOutcomes();
    private final Set<String> held = new LinkedHashSet<>();
    private final Budget budget;
    private String problem;
    private int rejectedInARow;
    private boolean inTrouble;
    private int limit = MAX_LIMIT;
    private double nanosPerRecord;
    private volatile long activeAt;

    /** A collection of this name, whose messages are leased for so long. */
    CollectionState(String name, long leaseMillis) {
        this.name = name;
        leaseNanos = TimeUnit.MILLISECONDS.toNanos(leaseMillis);
        budget = new Budget(leaseNanos);
        activeAt = System.nanoTime() - Math.max(ACTIVE_NANOS, ACTIVE_LEASES * leaseNanos);
    }

    /** The collection ID. */
    String name() {
        return name;
    }

    /** The records that have failed alone without being known to be at fault. */
    Suspects suspects() {
        return suspects;
    }

    /** What became of its latest messages. */
    RecentOutcomes recent() {
        return recent;
    }

    /** Notes that messages for it have come. */
    void active() {
        activeAt = System.nanoTime();
    }

    /** Whether messages for it have come lately. */
    boolean isActive() {
        return System.nanoTime() - activeAt < Math.max(ACTIVE_NANOS, ACTIVE_LEASES * leaseNanos);
    }

    /** Whether it waits, and it is not yet time to try again. */
    synchronized boolean isWaiting() {
        return problem != null && backOff.millisLeft() > 0;
    }

    /** Why it waits, or null. */
    synchronized String problem() {
        return problem;
    }

    /** Has it wait, longer each time, but less if that may pass. */
    synchronized void pause(String why, boolean isTransient) {
        if (!why.equals(problem)) {
            LOG.error("Collection {} is paused, and tried again from time to time; the others go on: {}", name, why);
        }
        problem = why;
        if (isTransient) {
            backOff.failedForShort();
        } else {
            backOff.failed();
        }
    }

    /** Keeps the tokens of messages that are left unacked until it may be tried again. */
    synchronized void keep(List<Message> messages) {
        for (Message message : messages) {
            if (message.ackToken() != null && held.size() < MAX_HELD) {
                held.add(message.ackToken());
            }
        }
    }

    /**
     * The tokens of messages that it may try again now: they are to be given back, so that they come at once. Of a
     * collection that waits a few are enough to tell whether it need not any more: any, for those that came first may all
     * be bad, and no more than a batch, for those that came first come first again.
     */
    synchronized List<String> takeReturnable(boolean othersAreActive, int batchSize) {
        // not for each millisecond of budget: what is given back is fetched anew
        boolean isBusy = writers.get() > 0 && isInTrouble();
        if (held.isEmpty() || isWaiting() || isBusy || nanosLeft(othersAreActive) < leaseNanos / ENOUGH_TO_BEGIN) {
            return List.of();
        }
        List<String> tokens = new ArrayList<>(held);
        int limit = problem != null ? Math.min(batchSize, SAMPLE) : othersAreActive ? FEW_TOKENS : MAX_HELD;
        if (tokens.size() > limit) {
            Collections.shuffle(tokens, ThreadLocalRandom.current());
            tokens.subList(limit, tokens.size()).clear();
        }
        tokens.forEach(held::remove);
        return tokens;
    }

    /** Whether it keeps tokens of messages. */
    synchronized boolean hasUnacked() {
        return !held.isEmpty();
    }

    /** Notes that it has taken a record. */
    synchronized void taken() {
        rejectedInARow = 0;
    }

    /** Counts more records that it has rejected; returns how many since it took one. */
    synchronized int rejectedInARow(int more) {
        rejectedInARow += more;
        return rejectedInARow;
    }

    /** Lets it be tried at once: its files are others now, and so may be its route. */
    synchronized void tryNow() {
        problem = null;
        backOff.reset();
    }

    /** Notes that it need not wait any more. */
    synchronized void resume() {
        if (problem != null) {
            LOG.info("Collection {} goes on.", name);
        }
        tryNow();
    }

    /** Whether a write of it has failed for want of time or takes long, or its budget is spent. */
    synchronized boolean isInTrouble() {
        return inTrouble || budget.isSpent() || problem != null;
    }

    /** Begins to write; false if it is in trouble and another worker is at it: one is enough to be held up. */
    boolean enter() {
        if (writers.incrementAndGet() > 1 && isInTrouble()) {
            writers.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Ends to write. */
    void leave() {
        writers.decrementAndGet();
    }

    /** How much time it may take now, in nanoseconds: what fails must leave most of it to the others, if there are any. */
    long nanosLeft(boolean othersAreActive) {
        return othersAreActive ? budget.nanosLeft() : leaseNanos;
    }

    /** Whether it may take half a lease for one record, and some is left for those that are quick. */
    boolean mayTakeLong(boolean othersAreActive) {
        return nanosLeft(othersAreActive) > leaseNanos / 2;
    }

    /** How many records it takes at once. */
    synchronized int limit() {
        return limit;
    }

    /** How long a write of so many records may take, in milliseconds: no longer than it should, if it is in trouble. */
    synchronized long timeoutMillis(int records, long longestMillis) {
        if (!isInTrouble()) {
            return longestMillis;
        }
        long expected = TimeUnit.NANOSECONDS.toMillis((long) (4 * nanosPerRecord * records));
        // what is known to be quick is soon known to be slow
        long grace = nanosPerRecord == 0 ? SHORT_MILLIS : TimeUnit.NANOSECONDS.toMillis(leaseNanos / 100);
        return Math.min(longestMillis, Math.max(SHORTEST_MILLIS, Math.min(grace, SHORT_MILLIS)) + expected);
    }

    /** Notes a write that has succeeded, and how long it took: takes more at once if that was quick, or else less. */
    synchronized void wrote(int records, long nanos) {
        executed(records, nanos);
        if (nanos > leaseNanos / 10) {
            charge(nanos);
            inTrouble = true;
            limit = Math.max(1, Math.min(limit, records) / 2);
        } else {
            if (inTrouble) {
                charge(nanos);
            }
            grow(records);
        }
    }

    /** Notes how long records have taken. */
    synchronized void executed(int records, long nanos) {
        double each = (double) nanos / records;
        nanosPerRecord = nanosPerRecord == 0 ? each : 0.7 * nanosPerRecord + 0.3 * each;
    }

    private void grow(int records) {
        if (records >= limit / 2 && limit < MAX_LIMIT) {
            limit = 2 * Math.max(limit, records);
        }
        if (limit > 1_000) {
            limit = MAX_LIMIT;
            inTrouble = false;
        }
    }

    /** Notes a write of so many records that has failed, not for a fault of theirs that is known. */
    synchronized void failed(int records) {
        inTrouble = true;
        limit = Math.max(1, Math.min(limit, records) / 2);
    }

    /** Takes time that has gone into what failed, or was slow, from its budget. */
    void charge(long nanos) {
        budget.charge(nanos);
    }
}
