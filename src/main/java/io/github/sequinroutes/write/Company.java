package io.github.sequinroutes.write;

import java.util.concurrent.TimeUnit;

/** Whether a collection can be written in one transaction with others, and after which of them. Thread-safe. */
final class Company {
    /** What fails beside others costs them a transaction, so it does not do that often. */
    private static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** As many levels of parents as are found. */
    private static final int MAX_PLACE = 8;

    private long aloneUntil = System.nanoTime();
    private int place;

    /**
     * Has it written alone for a while: it has failed beside others, or does not belong there.
     *
     * @param forWantOfParent whether it may have to come after the others
     */
    synchronized void stayAway(boolean forWantOfParent) {
        aloneUntil = System.nanoTime() + ALONE_NANOS;
        place += forWantOfParent && place < MAX_PLACE ? 1 : 0;
    }

    /** Whether it is not to be alone. */
    synchronized boolean isWelcome() {
        return System.nanoTime() - aloneUntil >= 0;
    }

    /** Its place among the others: the larger, the later. */
    synchronized int place() {
        return place;
    }
}
