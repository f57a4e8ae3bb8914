package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PollTest {
    private static final String COUNT = "select count(*) from stripe.subscriptions";

    private static String subscription(int id) {
        return TestRecord.of("stripe:subscription", "id-" + id, 1, "{\"quantity\": 1}");
    }

    @Test
    void aBacklogIsDrainedWithoutPause() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.batch-size", "10");
            for (int i = 0; i < 1000; i++) {
                bundle.offer(subscription(i));
            }
            bundle.start().awaitDrained();
            assertEquals("1000", bundle.database().value(COUNT));
        }
    }

    @Test
    void aRecordIsWrittenAtOnceWhileTheServerHoldsTheLongPoll() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.wait-for", "6s").start().offer(subscription(0)).awaitDrained();
            long begin = System.nanoTime();
            for (int i = 1; i <= 20; i++) {
                bundle.offer(subscription(i)).awaitDrained();
            }
            // waiting for a batch to fill would take 6 seconds each time
            assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) < 60);
            assertEquals("21", bundle.database().value(COUNT));
        }
    }

    @Test
    void aCronScheduleDrainsAtEachFiring() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.schedule", "0/2 * * * * ?").set("sequin.batch-size", "1");
            bundle.offer(subscription(0), subscription(1), subscription(2))
                    .start()
                    .awaitDrained();
            bundle.offer(subscription(3), subscription(4)).awaitDrained();
            assertEquals("5", bundle.database().value(COUNT));
        }
    }

    @Test
    void severalWorkersShareTheConsumer() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.workers", "12").set("sequin.batch-size", "20");
            for (int i = 0; i < 3000; i++) {
                bundle.offer(subscription(i % 500));
            }
            bundle.start().awaitDrained();
            assertEquals("500", bundle.database().value(COUNT));
            assertEquals(3000, bundle.consumer().delivered());
        }
    }

    @Test
    void stoppingFinishesTheBatchInFlight() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.batch-size", "50");
            for (int i = 0; i < 20_000; i++) {
                bundle.offer(subscription(i));
            }
            bundle.start();
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> bundle.consumer().delivered() > 0);
            bundle.standalone().close();

            assertEquals(0, bundle.consumer().ackPending());
            long acked = 20_000L - bundle.consumer().pending();
            assertEquals(Long.toString(acked), bundle.database().value(COUNT));
        }
    }
}
