package io.github.sequinroutes.poll;

import io.github.sequinroutes.sequin.Batches;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server has messages and delivers none of them to any worker, for longer than a lease: whatever another process
 * held by then would have come. It is logged once. Thread-safe.
 */
public final class HeldBack {
    private static final Logger LOG = LoggerFactory.getLogger(HeldBack.class);
    private static final long GRACE_MILLIS = 5_000;

    private final String bundle;
    private final long allowed;
    private final LongSupplier clock;
    private boolean isHeld;
    private boolean isTold;
    private long beganAt;
    private long heldAt;
    private long pending;
    private long inFlight;

    /** {@code bundle} is its name, empty if there is no other; a lease lasts for {@code ackWaitMillis}. */
    public HeldBack(String bundle, long ackWaitMillis) {
        this(bundle, ackWaitMillis, System::nanoTime);
    }

    HeldBack(String bundle, long ackWaitMillis, LongSupplier clock) {
        this.bundle = bundle.isEmpty() ? "" : "Bundle " + bundle + ": ";
        allowed = TimeUnit.MILLISECONDS.toNanos(ackWaitMillis + GRACE_MILLIS);
        this.clock = clock;
    }

    /** Notes a response: how many messages came, and how many are left and in flight as the server says. */
    synchronized void received(int messages, long left, long unacked) {
        if (messages > 0 || left <= 0) {
            isHeld = false;
            isTold = false;
            return;
        }
        heldAt = clock.getAsLong();
        beganAt = isHeld ? beganAt : heldAt;
        isHeld = true;
        pending = left;
        inFlight = unacked;
        String problem = problem();
        if (problem != null && !isTold) {
            isTold = true;
            LOG.warn("{}Stalled: {}.", bundle, problem);
        }
    }

    /** What is wrong, in words for a person, or null. */
    synchronized String problem() {
        if (!isHeld || heldAt - beganAt < allowed) {
            return null;
        }
        return "the server has %s pending (num_pending) and has delivered none for %d s; %s"
                .formatted(number(pending), TimeUnit.NANOSECONDS.toSeconds(heldAt - beganAt), advice());
    }

    private String advice() {
        return inFlight == Batches.UNKNOWN
                ? "see whether its sink is paused, or max_ack_pending messages are delivered and not acked"
                : inFlight == 0
                        ? "none is in flight (num_ack_pending): see whether its sink is paused or disabled"
                        : number(inFlight)
                                + " delivered and not acked (num_ack_pending): if that is the max_ack_pending of the sink,"
                                + " see who else has them, or raise it; else see whether the sink is paused";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d message" : "%,d messages", count);
    }
}
