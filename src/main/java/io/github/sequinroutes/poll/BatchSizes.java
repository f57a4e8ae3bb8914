package io.github.sequinroutes.poll;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many messages a request asks for, so that one message for which the server fails is isolated. The server runs a
 * sink's transform when it is asked: if that raises, the whole response is a 500, and its messages are held until their
 * lease is over. Then they come again, the oldest first, and the failing one with its companions. So
 * <ul>
 * <li>after a 500 requests ask for a tenth, and for ten times as many after each success;
 * <li>when the lease of a failed response is over, requests ask for a tenth of it, until its messages have come.
 * </ul>
 * After a few leases the failing message fails alone, and delays no other. Shared by the workers; thread-safe.
 */
public final class BatchSizes {
    private static final int STEP = 10;
    private static final int MAX_FAILED = 1_000;
    /** A request may pass another on its way to the server. */
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** The server's clock, and how exactly it keeps a lease. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final String consumer;
    private final int max;
    private final long leaseNanos;
    private final LongSupplier clock;
    private final Deque<FailedResponse> failed = new ArrayDeque<>();
    private int size;
    private long succeededAt;

    /** A response that failed, whose messages come again. */
    private static final class FailedResponse {
        final int size;
        final long opensAt;
        final long dueAt;
        /** How often in a row it has failed alone. */
        final int timesAlone;
        /** How many of its messages have not come again yet, at most. */
        int left;

        FailedResponse(int size, long opensAt, long dueAt, int timesAlone) {
            this.size = size;
            this.opensAt = opensAt;
            this.dueAt = dueAt;
            this.timesAlone = timesAlone;
            left = size;
        }

        boolean hasComeAgain(long askedAt, int count) {
            if (askedAt - dueAt - SLACK_NANOS < 0) {
                return false;
            }
            left -= count;
            boolean isGone = count == 0 && askedAt - dueAt - GONE_NANOS >= 0;
            return left <= 0 || isGone;
        }
    }

    /**
     * The sizes of a consumer's batches.
     *
     * @param consumer    the ID or name of the consumer
     * @param max         the maximum number of messages to ask for at once
     * @param leaseMillis how long the server holds messages that it has failed to send, in milliseconds
     */
    public BatchSizes(String consumer, int max, long leaseMillis) {
        this(consumer, max, leaseMillis, System::nanoTime);
    }

    BatchSizes(String consumer, int max, long leaseMillis, LongSupplier clock) {
        this.consumer = consumer;
        this.max = max;
        this.clock = clock;
        leaseNanos = TimeUnit.MILLISECONDS.toNanos(leaseMillis);
        size = max;
        succeededAt = clock.getAsLong();
    }

    /** How many messages the next request may ask for. */
    synchronized int limit() {
        long now = clock.getAsLong();
        int limit = size;
        for (FailedResponse each : failed) {
            if (now - each.opensAt >= 0) {
                limit = Math.min(limit, Math.max(1, each.size / STEP));
            }
        }
        return limit;
    }

    /** Notes a response with so many messages to a request that was sent then, in nanoseconds of the monotonic clock. */
    synchronized void received(long askedAt, int count) {
        succeededAt = clock.getAsLong();
        size = (int) Math.min(max, (long) size * STEP);
        failed.removeIf(each -> each.hasComeAgain(askedAt, count));
    }

    /** Notes a 500 to a request for so many messages, which was sent then. */
    synchronized void failed(long askedAt, int asked) {
        long now = clock.getAsLong();
        int timesAlone = asked == 1 ? 1 : 0;
        for (FailedResponse each : failed) {
            if (now - each.opensAt >= 0) {
                each.left -= asked;
                timesAlone = asked == 1 && each.left <= 0 ? Math.max(timesAlone, each.timesAlone + 1) : timesAlone;
            }
        }
        failed.removeIf(each -> each.left <= 0);
        if (failed.size() == MAX_FAILED) {
            failed.removeFirst();
        }
        // the server has leased the messages at some time between the two; one that takes long is not waited for
        long leasedAt = now - Math.min(now - askedAt, leaseNanos / STEP);
        failed.addLast(new FailedResponse(asked, leasedAt + leaseNanos - LEAD_NANOS, now + leaseNanos, timesAlone));
        size = Math.max(1, Math.min(size, asked) / STEP);
    }

    /** Whether the server answers other requests, so that a message that fails alone says nothing of the next. */
    synchronized boolean isServing() {
        return clock.getAsLong() - succeededAt < leaseNanos;
    }

    /** What is wrong while a message fails alone, each time that it comes, in words for a person; or null. */
    synchronized String problem() {
        long alone = failed.stream().filter(each -> each.timesAlone > 1).count();
        return alone == 0
                ? null
                : ("Sequin answers 500 to the requests of consumer %s for %d of its messages, each asked for alone and more"
                                + " than once: a transform or enrichment function of the sink may raise for them; Sequin's log"
                                + " says why. They come again until that is fixed, and the others are not held up")
                        .formatted(consumer, alone);
    }
}
