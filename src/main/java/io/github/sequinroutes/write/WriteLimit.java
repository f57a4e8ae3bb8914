package io.github.sequinroutes.write;

import java.util.concurrent.Semaphore;

/**
 * A bulkhead: no more than so many workers write at once, the others wait in the order in which they came. What waits
 * has been fetched and read meanwhile, so that a database that can take no more connections need not wait for either.
 * Not to be nested: one within another might wait for itself.
 */
public final class WriteLimit {
    private final Semaphore permits;

    /** What is done while one is allowed to write. */
    public interface Write<E extends Exception> {
        void run() throws E;
    }

    /** So many at once. */
    public WriteLimit(int limit) {
        permits = new Semaphore(limit, true);
    }

    /** Waits until it is allowed, then does it. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how soon the next one writes
    public <E extends Exception> void run(Write<E> write) throws E {
        permits.acquireUninterruptibly();
        try {
            write.run();
        } finally {
            permits.release();
            if (permits.hasQueuedThreads()) {
                // where processors are short: what comes next here can wait, the database should not
                Thread.yield();
            }
        }
    }
}
