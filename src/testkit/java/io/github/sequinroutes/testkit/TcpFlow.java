package io.github.sequinroutes.testkit;

import java.time.Duration;

/** What happens to the bytes of a proxy that go in one direction. Thread-safe. */
final class TcpFlow {
    private final Runnable whenPassed;
    private boolean stalled;
    private long delayNanos;
    private long untilCut = Long.MAX_VALUE;

    /** One that tells of bytes before they are sent on. */
    TcpFlow(Runnable whenPassed) {
        this.whenPassed = whenPassed;
    }

    synchronized void stall() {
        stalled = true;
    }

    synchronized void resume() {
        stalled = false;
        notifyAll();
    }

    synchronized void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    synchronized void cutAfter(long bytes) {
        untilCut = bytes;
    }

    /** When bytes that arrive now are to be sent on. */
    synchronized long due() {
        return System.nanoTime() + delayNanos;
    }

    /** Waits while stalled, and returns how many bytes may pass: fewer than there are if a cut follows. */
    synchronized int pass(int bytes) throws InterruptedException {
        while (stalled) {
            wait();
        }
        if (bytes > 0) {
            whenPassed.run();
        }
        if (bytes <= untilCut) {
            untilCut -= untilCut == Long.MAX_VALUE ? 0 : bytes;
            return bytes;
        }
        int allowed = (int) untilCut;
        untilCut = Long.MAX_VALUE;
        return allowed;
    }
}
