package io.github.sequinroutes.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static long pauseAfter(int failures) {
        BackOff backOff = new BackOff();
        for (int i = 0; i < failures; i++) {
            backOff.failed();
        }
        return backOff.millisLeft();
    }

    @Test
    void aPauseIsNeverLongerThanFifteenSeconds() {
        for (int failures = 7; failures < 2_000; failures++) {
            long pause = pauseAfter(failures);
            assertTrue(pause > 7_000 && pause <= 15_000, failures + " failures: " + pause + " ms");
        }
    }

    @Test
    void twoWorkersDoNotTryAtTheSameTimes() {
        assertTrue(IntStream.range(0, 50)
                        .mapToObj(i -> pauseAfter(10))
                        .collect(Collectors.toSet())
                        .size()
                > 10);
    }

    @Test
    void afterASuccessItBeginsAnew() {
        BackOff backOff = new BackOff();
        backOff.failedForLong();
        assertTrue(backOff.millisLeft() > 7_000);
        backOff.succeeded();
        assertEquals(0, backOff.failures());
        BackOff other = new BackOff();
        other.failed();
        assertTrue(other.millisLeft() <= 250);
    }
}
