package io.github.sequinroutes.write;

import io.github.sequinroutes.read.Lease;
import io.github.sequinroutes.read.Message;
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

    /** Whether so little of the lease is left that nothing more is to be begun. */
    boolean isLate() {
        return lease.writeMillisLeft() < lease.millis() / 20;
    }

    /** Whether the collection may take no more for now. */
    boolean isSpent() {
        return state.nanosLeft(othersAreActive) <= 0;
    }

    /** How long a write of so many records may take, in milliseconds. */
    long millis(int records) {
        return state.timeoutMillis(records, lease.writeMillisLeft());
    }

    /** How long the write of a record may take that has timed out alone, in milliseconds; 0 if it must not be tried now. */
    long millisOfSuspect(Message record) {
        long longest = lease.writeMillisLeft();
        return state.suspects().mayTry(record) && state.mayTakeLong(othersAreActive) ? longest : 0;
    }

    /** Charges the time since then to the collection, unless nobody else would have had it. */
    void charge(long beginNanos) {
        if (othersAreActive) {
            state.charge(System.nanoTime() - beginNanos);
        }
    }

    /** What an isolation that begins now is bound by. */
    Isolation.Rules rules(Judge judge) {
        long longest = TimeUnit.MILLISECONDS.toNanos(lease.writeMillisLeft());
        long until = System.nanoTime() + Math.min(longest, state.nanosLeft(othersAreActive));
        return new Isolation.Rules() {
            @Override
            public long timeoutMillis(int records) {
                return state.timeoutMillis(records, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
            }

            @Override
            public void executed(int records, long nanos) {
                state.executed(records, nanos);
            }

            @Override
            public Isolation.Reaction failed(int records, SQLException failure) {
                if (Judge.isTimeOut(failure)) {
                    state.failed(records);
                    return Isolation.Reaction.ONE_BY_ONE;
                }
                return judge.isAnswer(failure) ? Isolation.Reaction.HALVE : Isolation.Reaction.END;
            }
        };
    }
}
