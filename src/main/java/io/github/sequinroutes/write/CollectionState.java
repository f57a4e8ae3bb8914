package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.BackOff;
import io.github.sequinroutes.message.Message;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a collection's writes go: whether it is paused, how many records it takes at once, and how long that may take.
 * Thread-safe.
 */
final class CollectionState {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionState.class);
    private static final int MAX_LIMIT = 1 << 20;
    private static final int ENOUGH_TO_BEGIN = 100;
    private static final long ACTIVE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Messages queued after a slow batch are not seen for as long as that takes. */
    private static final int ACTIVE_LEASES = 2;

    private static final long SHORTEST_MILLIS = 50;
    private static final long SHORT_MILLIS = 500;
    /** At most this many are given back at once while others need the worker: more would only come and go. */
    private static final int MAX_TOKENS_BESIDE_OTHERS = 200;
    /** How many records tell whether a paused collection takes any. */
    static final int SAMPLE = 64;
    /** A route that has forgotten nothing for so long is taken to be mended. */
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final String name;
    private final CollectionCounters counters;
    private final long leaseNanos;
    private final BackOff backOff = new BackOff();
    private final AtomicInteger writers = new AtomicInteger();
    private final Suspects suspects = new Suspects();
    private final Company company = new Company();
    private final LostConnections lostConnections = new LostConnections();
    private final RecentOutcomes recent = new RecentOutcomes();
    private final UnackedTokens unacked = new UnackedTokens();
    private final BackOff forgetful = new BackOff();
    private long forgotAt = System.nanoTime();
    private final Budget budget;
    private String problem;
    private int rejectedInARow;
    private boolean inTrouble;
    private int limit = MAX_LIMIT;
    private double nanosPerRecord;
    private long lastNanos;
    private volatile long activeAt;

    /** A collection of this name, whose messages are leased for {@code leaseMillis}. */
    CollectionState(String name, long leaseMillis, CollectionCounters counters) {
        this.name = name;
        this.counters = counters;
        leaseNanos = TimeUnit.MILLISECONDS.toNanos(leaseMillis);
        budget = new Budget(leaseNanos);
        activeAt = System.nanoTime() - Math.max(ACTIVE_NANOS, ACTIVE_LEASES * leaseNanos);
    }

    /** The collection ID. */
    String name() {
        return name;
    }

    /** What has become of its messages since the start. */
    CollectionCounters counters() {
        return counters;
    }

    /** The records that have failed alone without being known to be at fault. */
    Suspects suspects() {
        return suspects;
    }

    /** The connections that were lost while it was written. */
    LostConnections lostConnections() {
        return lostConnections;
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

    /** Whether it is paused, and it is not yet time to try again. */
    synchronized boolean isWaiting() {
        return problem != null && backOff.millisLeft() > 0;
    }

    /** Why it is paused, or null. */
    synchronized String problem() {
        return problem;
    }

    /** Pauses it, longer each time, but less if the failure is transient. */
    synchronized void pause(String why, boolean isTransient) {
        if (problem == null || !withoutNumbers(why).equals(withoutNumbers(problem))) {
            LOG.error("Collection {} is paused and will be retried; the others are not affected: {}", name, why);
        }
        boolean isSameAttempt = isWaiting(); // a route may write one by one, and two workers at once
        problem = why;
        if (isSameAttempt) {
            return;
        }
        if (isTransient) {
            backOff.failedForShort();
        } else {
            backOff.failed();
        }
    }

    /** Of another batch the same failure has other numbers. */
    private static String withoutNumbers(String why) {
        return why.replaceAll("\\d+ messages", "messages");
    }

    /** Pauses it for a route that forgets messages: longer each time, whatever it does with others between. */
    synchronized void pauseForgetful(String why) {
        if (System.nanoTime() - forgotAt > FORGOTTEN_NANOS) {
            forgetful.reset();
        }
        forgotAt = System.nanoTime();
        forgetful.failed();
        pause(why, false);
        backOff.atLeast(forgetful.millisLeft());
    }

    /** Keeps the tokens of messages that are left unacked, until it may be tried again. */
    void keep(List<Message> messages) {
        unacked.keep(messages);
    }

    /**
     * The tokens of messages that it may try again now: they are to be given back, so that they come at once. A few tell
     * whether a paused collection works again; no more than a batch, because the first come first again.
     */
    synchronized List<String> takeReturnable(boolean othersAreActive, int batchSize) {
        // not for each millisecond of budget: what is given back is fetched anew
        boolean isBusy = writers.get() > 0 && isInTrouble();
        if (unacked.isEmpty() || isWaiting() || isBusy || nanosLeft(othersAreActive) < leaseNanos / ENOUGH_TO_BEGIN) {
            return List.of();
        }
        return unacked.take(
                problem != null
                        ? Math.min(batchSize, SAMPLE)
                        : othersAreActive ? MAX_TOKENS_BESIDE_OTHERS : UnackedTokens.LIMIT);
    }

    /** All tokens that it keeps. */
    List<String> takeAll() {
        return unacked.take(UnackedTokens.LIMIT);
    }

    /** Whether it keeps tokens of messages that are left unacked. */
    boolean hasUnacked() {
        return !unacked.isEmpty();
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

    /** Lets it be tried at once: its files have changed, and so may its route. */
    synchronized void tryNow() {
        forgetful.reset();
        clear();
    }

    private void clear() {
        problem = null;
        backOff.reset();
    }

    /** Notes that it works again. */
    synchronized void resume() {
        if (problem != null) {
            LOG.info("Collection {} resumes.", name);
        }
        clear();
    }

    /** How it goes in one transaction with others. */
    Company company() {
        return company;
    }

    /** Whether a write of it has failed for want of time or takes long, or its budget is spent. */
    synchronized boolean isInTrouble() {
        return inTrouble || budget.isSpent() || problem != null;
    }

    /** Begins to write; false if it is in trouble and another worker is writing it: one is enough to be kept waiting. */
    boolean enter() {
        if (writers.incrementAndGet() > 1 && isInTrouble()) {
            writers.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Ends a write. */
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

    /** How long a write of {@code records} records may take, in milliseconds: less than usual while it is in trouble. */
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
        lastNanos = nanos;
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

    /** How long its last write has taken, in nanoseconds. */
    synchronized long lastNanos() {
        return lastNanos;
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

    /** Notes a failed write of {@code records} records that are not known to be at fault. */
    synchronized void failed(int records) {
        inTrouble = true;
        limit = Math.max(1, Math.min(limit, records) / 2);
    }

    /** Takes the time of a failed or slow write from its budget, in nanoseconds. */
    void charge(long nanos) {
        budget.charge(nanos);
    }
}
