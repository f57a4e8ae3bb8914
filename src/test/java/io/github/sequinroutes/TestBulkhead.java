package io.github.sequinroutes;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A bulkhead: lets as many tests run at once as the machine can bear. Those with a database or a process wait for something
 * most of their time, so another goes on whenever the processors have time to spare; on a slow machine fewer run at once,
 * and none is late. The others are over in no time and need no permit. JUnit's own pool cannot do this: it knows nothing of
 * the load, and a thread of it that waits for the tests of a class counts as busy.
 */
public final class TestBulkhead implements BeforeEachCallback, AfterEachCallback {
    /** Of a test that bounds a time: few others run beside it. */
    public static final String QUIET = "quiet";

    private static final int BESIDE_QUIET = 2;
    private static final int FEWEST = 4;
    private static final int MOST = 16;
    private static final double BUSY = 0.9;
    /** What a test that begins costs shows in the load by then. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** So many may begin between two looks: most are over in no time. */
    private static final int AT_ONCE = 4;

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final Semaphore PERMITS = new Semaphore(MOST, true);
    private static final Semaphore NEXT = new Semaphore(1, true);
    private static final AtomicInteger RUNNING = new AtomicInteger();
    private static long lookedAt = System.nanoTime() - LOOK_NANOS;
    private static int left;

    /** The permits that the test of this thread has to get, or has got as a negative number. */
    private static final ThreadLocal<Integer> TEST = new ThreadLocal<>();

    @Override
    public void beforeEach(ExtensionContext test) {
        boolean isQuiet = test.getTags().contains(QUIET);
        TEST.set(isQuiet ? MOST - BESIDE_QUIET : 1);
        if (isQuiet) {
            enter();
        }
    }

    /** Waits until the test of this thread may go on; to be called before what costs, and once is enough. */
    public static void enter() {
        Integer permits = TEST.get();
        if (permits == null || permits < 0) {
            return;
        }
        PERMITS.acquireUninterruptibly(permits);
        NEXT.acquireUninterruptibly();
        while (RUNNING.get() >= FEWEST && !mayBegin()) {
            LockSupport.parkNanos(LOOK_NANOS / 10);
        }
        RUNNING.incrementAndGet();
        NEXT.release();
        TEST.set(-permits);
    }

    /** Called by one thread at a time. */
    private static boolean mayBegin() {
        if (System.nanoTime() - lookedAt > LOOK_NANOS) {
            lookedAt = System.nanoTime();
            left = SYSTEM.getCpuLoad() < BUSY ? AT_ONCE : 0; // the load since it was last asked
        }
        return left-- > 0;
    }

    @Override
    public void afterEach(ExtensionContext test) {
        int permits = -TEST.get();
        TEST.remove();
        if (permits > 0) {
            RUNNING.decrementAndGet();
            PERMITS.release(permits);
        }
    }
}
