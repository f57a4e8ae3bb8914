package io.github.sequinroutes.message;

/** What has become of a message since it was delivered. */
public abstract class Delivery {
    private Object sink;
    private volatile boolean isTakenBack;
    private boolean isKeptOut;
    private Outcome outcome = Outcome.UNSETTLED;
    private Rejection rejection;

    Delivery() {}

    /** What has become of it. */
    public final Outcome outcome() {
        return isTakenBack ? Outcome.LEFT_UNACKED : outcome;
    }

    /** Notes what has become of this message alone. */
    public final void settle(Outcome settled) {
        outcome = settled;
    }

    /** Leaves it unacked for now, unless something has become of it; returns whether it does. */
    public final boolean leaveUnacked() {
        boolean isPending = isPending();
        if (isPending) {
            outcome = Outcome.LEFT_UNACKED;
        }
        return isPending;
    }

    /** Notes that it cannot be written: it shall be a dead letter, unless it is written later after all. */
    public final void reject(Rejection why) {
        rejection = why;
        outcome = Outcome.UNSETTLED;
    }

    /** Why it cannot be written, or null. */
    public final Rejection rejection() {
        return isTakenBack ? null : rejection;
    }

    /** Withdraws its rejection: it is to be tried again, or left unacked with its collection. */
    public final void retry() {
        rejection = null;
    }

    /** Notes that this sink has had it. */
    public final void markTried(Object by) {
        sink = by;
    }

    /** The sink that has had it last, or null. */
    public final Object sink() {
        return sink;
    }

    /** Takes back what has become of it, also what a sink that is at work will say: it stays unacked. */
    public final void takeBack() {
        isTakenBack = true;
    }

    /** Whether a sink has had it: its route has not forgotten it. */
    public final boolean isTried() {
        return sink != null;
    }

    /** Notes whether its row was newer, and has stayed as it was. */
    public final void keptOut(boolean isOld) {
        isKeptOut = isOld;
    }

    /** Whether its row was newer, as far as PostgreSQL has said, and has stayed as it was. */
    public final boolean isKeptOut() {
        return isKeptOut;
    }

    /** Has the same become of it as of another, which stands for it. */
    public final void become(Delivery other) {
        isKeptOut = other.isKeptOut;
        become(other.outcome, other.rejection);
    }

    final void become(Outcome settled, Rejection why) {
        outcome = settled;
        rejection = why;
    }

    /** Whether nothing has become of it yet. */
    public final boolean isPending() {
        return outcome() == Outcome.UNSETTLED && rejection == null;
    }
}
