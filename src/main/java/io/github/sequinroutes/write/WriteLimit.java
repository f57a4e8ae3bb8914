package io.github.sequinroutes.write;

import java.util.concurrent.Semaphore;

/**
 * A bulkhead: a limited number of workers hold a permit to write, the others wait in order of arrival. They have fetched
 * their messages and extracted the values meanwhile, so that a database which can spare only a few connections need not
 * wait for either. Not reentrant: a nested call might wait for itself. Thread-safe.
 */
public final class WriteLimit {
    private final Semaphore permits;

    /** What is done with a permit. */
    public interface Write<E extends Exception> {
        void run() throws E;
    }

    /** With this many permits. */
    public WriteLimit(int limit) {
        permits = new Semaphore(limit, true);
    }

    /** Waits for a permit, then runs it. */
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
