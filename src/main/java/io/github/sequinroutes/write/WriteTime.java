package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * The time that the writes of a group may take: what its lease leaves, and what its collection may take from the others.
 * Used by one thread.
 */
final class WriteTime {
    private final CollectionState state;
    private final Lease lease;
    private final boolean othersAreActive;

    /**
     * The time of a group.
     *
     * @param othersAreActive whether other collections need the worker as well
     */
    WriteTime(CollectionState state, Lease lease, boolean othersAreActive) {
        this.state = state;
        this.lease = lease;
        this.othersAreActive = othersAreActive;
    }

    /** Whether too little of the lease is left to begin anything more. */
    boolean isLate() {
        return lease.isLate();
    }

    /** Whether the collection may take no more for now. */
    boolean isSpent() {
        return state.nanosLeft(othersAreActive) <= 0;
    }

    /** How long a write of {@code records} records may take, in milliseconds. */
    long millis(int records) {
        return state.timeoutMillis(records, lease.writeMillisLeft());
    }

    /** How long the write of a suspect may take, in milliseconds; 0 if it must not be tried now. */
    long millisOfSuspect(Message record) {
        long longest = lease.writeMillisLeft();
        return state.suspects().mayTry(record) && state.mayTakeLong(othersAreActive) ? longest : 0;
    }

    /** The share of this time, in nanoseconds, in the longest time that a write may take: 0 to 1. */
    double shareOfLongest(long nanos) {
        return Math.min(1, (double) nanos / TimeUnit.MILLISECONDS.toNanos(Lease.writeMillis(lease.millis())));
    }

    /** Charges the time since then to the collection, unless nobody else would have had it. */
    void charge(long beginNanos) {
        if (othersAreActive) {
            state.charge(System.nanoTime() - beginNanos);
        }
    }

    /**
     * Charges an isolation that began then: what timed out in full, and of the rest the share of the records that were
     * rejected. What the others were written in is nobody's fault, and to put it off would only fill the queue.
     */
    void charge(long beginNanos, Bounds bounds, int written, int rejected) {
        if (othersAreActive) {
            long rest = System.nanoTime() - beginNanos - bounds.timedOutNanos;
            double share = written + rejected == 0 ? 1 : (double) rejected / (written + rejected);
            state.charge(bounds.timedOutNanos + (long) (rest * share));
        }
    }

    /** What an isolation that begins now is bound by. */
    Bounds bounds(FailureClassifier classifier) {
        return new Bounds(classifier);
    }

    /** What an isolation is bound by, and the time in it that was lost. */
    final class Bounds implements Isolation.Rules {
        private final FailureClassifier classifier;
        private final long until;
        private long timedOutNanos;

        private Bounds(FailureClassifier classifier) {
            this.classifier = classifier;
            long longest = TimeUnit.MILLISECONDS.toNanos(lease.writeMillisLeft());
            until = System.nanoTime() + Math.min(longest, state.nanosLeft(othersAreActive));
        }

        @Override
        public long timeoutMillis(int records) {
            return state.timeoutMillis(records, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
        }

        @Override
        public void executed(int records, long nanos) {
            state.executed(records, nanos);
        }

        @Override
        public Isolation.Reaction failed(int records, SQLException failure, long nanos) {
            if (FailureClassifier.isTimeOut(failure)) {
                state.failed(records);
                timedOutNanos += nanos;
                return Isolation.Reaction.ONE_BY_ONE;
            }
            return classifier.isRefusal(failure) ? Isolation.Reaction.HALVE : Isolation.Reaction.END;
        }
    }
}
