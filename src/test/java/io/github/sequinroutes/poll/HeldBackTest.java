package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** docs/promises.md 38: a server that has messages and delivers none is told. */
class HeldBackTest {
    private long now;
    private HeldBack held = new HeldBack("", 30_000, () -> now);

    private void received(int messages, long pending, long inFlight) {
        held.received(messages, pending, inFlight);
        now += TimeUnit.SECONDS.toNanos(5);
    }

    private void nothing(int times, long inFlight) {
        for (int i = 0; i < times; i++) {
            received(0, 5_000, inFlight);
        }
    }

    @Test
    void longerThanALeaseItIsAProblemAndToldOnce() {
        held = new HeldBack("held-back", 30_000, () -> now);
        try (LogWatch log = new LogWatch("Bundle held-back: Stalled: ")) {
            nothing(7, 1_000);
            assertNull(held.problem());
            nothing(10, 1_000);
            String problem = held.problem();
            assertTrue(
                    problem.startsWith(
                            "the server has 5,000 messages pending (num_pending) and has delivered none for 80 s;"
                                    + " 1,000 messages delivered and not acked (num_ack_pending): if that is the max_ack_pending"),
                    problem);
            assertEquals(1, log.lines("").size());
            received(1, 4_999, 1_000);
            assertNull(held.problem());
            nothing(8, 0);
            assertTrue(held.problem().contains("paused or disabled"), held.problem());
            assertEquals(2, log.lines("").size());
        }
    }

    @Test
    void whatIsDeliveredOrDoneBeginsItAnew() {
        nothing(7, -1);
        received(1, 5_000, -1);
        nothing(7, -1);
        received(0, 0, -1);
        nothing(7, -1);
        assertNull(held.problem());
        nothing(1, -1);
        assertTrue(held.problem().contains("max_ack_pending"), held.problem());
    }
}
