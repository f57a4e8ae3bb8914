package io.github.sequinroutes.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LagTest {
    @ParameterizedTest
    @CsvSource({
        // in milliseconds: now, time of the newest written record, nothing was left, start; in seconds: lag
        "60000, 0, 0, 20000, 40", // nothing is written yet: at least since the start
        "60000, 10000, 0, 20000, 50", // a backlog at the start is as old as it says
        "60000, 10000, 50000, 20000, 10", // after an idle time it begins at 0
        "60000, 55000, 50000, 20000, 5",
        "60000, 61000, 50000, 20000, 0"
    })
    void itIsTheAgeOfTheNewestWrittenRecordAtMostSinceNothingWasLeft(
            long now, long newest, long caughtUp, long started, double seconds) {
        assertEquals(seconds, Lag.seconds(now, newest, caughtUp, started));
    }
}
