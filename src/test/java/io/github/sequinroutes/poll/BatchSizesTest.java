package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** docs/promises.md 66: a message for which the server fails is isolated, and what delays the others is little. */
class BatchSizesTest {
    private static final long LEASE_MILLIS = 30_000;

    private long now = Long.MAX_VALUE - 1_000_000_000L; // a clock that passes its end
    private final BatchSizes sizes = new BatchSizes("orders", 1000, LEASE_MILLIS, () -> now);

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** A request that is answered after 10 ms. */
    private void receive(int count) {
        long askedAt = now;
        pass(10);
        sizes.received(askedAt, count);
    }

    private void fail(int asked) {
        long askedAt = now;
        pass(10);
        sizes.failed(askedAt, asked);
    }

    @Test
    void afterFailuresItAsksForTenthsDownToOneAndAfterSuccessesForTenTimesAsMany() {
        for (int size : new int[] {1000, 100, 10, 1, 1}) {
            assertEquals(size, sizes.limit());
            fail(size);
        }
        for (int size : new int[] {1, 10, 100, 1000, 1000}) {
            assertEquals(size, sizes.limit());
            receive(size);
        }
    }

    @Test
    void anySizeEndsAtOne() {
        BatchSizes seven = new BatchSizes("orders", 7, LEASE_MILLIS, () -> now);
        seven.failed(now, 7);
        assertEquals(1, seven.limit());
        seven.received(now, 1);
        assertEquals(7, seven.limit());
    }

    @Test
    void whenTheMessagesOfAFailedResponseComeAgainItAsksForATenthUntilAllHaveCome() {
        fail(1000);
        receive(100);
        assertEquals(1000, sizes.limit());
        pass(29_900);
        assertEquals(1000, sizes.limit());
        pass(40);
        assertEquals(100, sizes.limit()); // before the lease is over: a request is on its way for a while
        pass(500);
        for (int i = 0; i < 10; i++) {
            assertEquals(100, sizes.limit());
            receive(100);
        }
        assertEquals(1000, sizes.limit());
    }

    @Test
    void whatComesBeforeTheLeaseIsOverIsNotCounted() {
        fail(10);
        receive(0);
        receive(0);
        pass(29_960);
        assertEquals(1, sizes.limit());
        for (int i = 0; i < 5; i++) {
            receive(10);
        }
        assertEquals(1, sizes.limit());
        pass(500);
        receive(10);
        assertEquals(1000, sizes.limit());
    }

    @Test
    void whenNothingComesAgainItDoesNotWaitForever() {
        fail(1000);
        receive(0);
        pass(LEASE_MILLIS + 1_000);
        receive(0);
        assertEquals(100, sizes.limit());
        pass(3_000);
        receive(0);
        assertEquals(1000, sizes.limit());
    }

    @Test
    void aWorkerThatRestedForLongStillAsksForFew() {
        fail(1000);
        receive(0);
        pass(10 * LEASE_MILLIS);
        assertEquals(100, sizes.limit());
    }

    /** One in ten thousand, which comes first of all as soon as it may: four leases, and only it is left behind. */
    @Test
    void theMessageIsAloneAfterThreeLeasesAndThenDelaysNoOther() {
        for (int size : new int[] {1000, 100, 10}) {
            assertEquals(size, sizes.limit());
            fail(size);
            assertNull(sizes.problem());
            receive(0);
            receive(0);
            receive(0);
            pass(LEASE_MILLIS);
        }
        for (int lease = 0; lease < 20; lease++) {
            assertEquals(1, sizes.limit());
            fail(1);
            int received = 0;
            for (int i = 0; i < 2_950; i++) {
                receive(sizes.limit());
                received += sizes.limit();
            }
            assertTrue(received > 2_900 * 1000, received + " messages");
            pass(500);
        }
        assertTrue(sizes.problem().contains("consumer orders"), sizes.problem());
        assertTrue(sizes.problem().contains("1 of its messages"), sizes.problem());
    }

    @Test
    void onceTheMessageComesNothingIsWrong() {
        for (int i = 0; i < 2; i++) {
            fail(1);
            pass(LEASE_MILLIS + 500);
        }
        assertTrue(sizes.problem().contains("transform"));
        receive(1);
        assertNull(sizes.problem());
    }

    @Test
    void afterAnOutageFullBatchesAreSoonAskedForAgain() {
        for (int i = 0; i < 100; i++) {
            fail(sizes.limit());
            pass(15_000);
        }
        assertFalse(sizes.isServing());
        int full = 0;
        for (int i = 0; i < 3_000; i++) {
            int limit = sizes.limit();
            full += limit == 1000 ? 1 : 0;
            receive(limit);
        }
        assertTrue(full > 2_900, full + " of 3000");
        assertTrue(sizes.isServing());
        assertNull(sizes.problem());
    }
}
