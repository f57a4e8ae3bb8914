package io.github.sequinroutes.poll;

import java.util.concurrent.TimeUnit;

/**
 * Limits the rate of dead letters of a stream that is all wrong: it must not fill the disk unseen. A stream in which
 * good records come is not slowed down, for these must not wait for the others. Shared by the workers; thread-safe.
 */
public final class DeadLetterPace {
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private volatile int perSecond;
    private volatile long writtenAt = System.nanoTime() - GOOD_NANOS;
    private volatile boolean isSlow;

    /** At most this many dead letters a second for each worker. */
    public DeadLetterPace(int perSecond) {
        this.perSecond = perSecond;
    }

    /** From now on at most this many. */
    public void limitTo(int limit) {
        perSecond = limit;
    }

    /** Notes what has become of a batch; returns how long its worker must rest, in milliseconds. */
    long restMillis(long written, long deadLettered) {
        if (written > 0) {
            writtenAt = System.nanoTime();
        }
        isSlow = deadLettered > 0 && System.nanoTime() - writtenAt > GOOD_NANOS;
        return isSlow ? deadLettered * 1000 / perSecond : 0;
    }

    /** The maximum number of messages to take at once: no more than a second's worth, lest a good one waits long behind the others. */
    int limit(int batchSize) {
        return isSlow ? Math.min(batchSize, perSecond) : batchSize;
    }
}
