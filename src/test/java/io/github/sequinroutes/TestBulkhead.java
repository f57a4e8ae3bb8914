package io.github.sequinroutes;

import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A bulkhead: lets as many tests run at once as the machine can bear, and always as many. JUnit's own pool cannot: a thread that
 * waits for the tests of a class counts as busy, and a bound that leaves room for those lets too many run at other
 * times, which then are late. Most tests wait for something most of their time.
 */
public final class TestBulkhead implements BeforeEachCallback, AfterEachCallback {
    private static final Semaphore PERMITS = new Semaphore(8, true);

    @Override
    public void beforeEach(ExtensionContext test) {
        PERMITS.acquireUninterruptibly();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        PERMITS.release();
    }
}
