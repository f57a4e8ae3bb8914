package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DeadLetterPaceTest {
    @Test
    void theLimitCanChangeWhileItRuns() {
        DeadLetterPace pace = new DeadLetterPace(100);
        assertEquals(1_000, pace.restMillis(0, 100));
        assertEquals(100, pace.limit(1_000));
        pace.limitTo(10);
        assertEquals(10_000, pace.restMillis(0, 100));
        assertEquals(10, pace.limit(1_000));
    }
}
