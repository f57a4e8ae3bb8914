package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.poll.Outages.End;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** docs/promises.md 74: an outage is a line when it begins, one a minute, and one when it is over, whoever notices. */
class OutagesTest {
    private static final String AWAY = ". Nothing is lost; trying again until it is over.";

    private long now;

    private long seconds(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        return now;
    }

    private List<String> told(String bundle, Runnable happens) {
        try (LogWatch log = new LogWatch("Bundle " + bundle)) {
            happens.run();
            return log.lines("").stream()
                    .map(line -> line.replace(" Bundle " + bundle + ":", ""))
                    .toList();
        }
    }

    @Test
    void itIsToldWhenItBeginsOnceAMinuteAndWhenItIsOver() {
        Outages outages = new Outages("outage-a", () -> now);
        assertEquals(
                List.of(
                        "WARN Outage of PostgreSQL (postgres.url): refused" + AWAY,
                        "WARN Outage of PostgreSQL (postgres.url) for 1 min 0 s, 121 failed attempts: refused" + AWAY,
                        "WARN Outage of PostgreSQL (postgres.url) for 2 min 0 s, 241 failed attempts: refused" + AWAY,
                        "INFO Outage of PostgreSQL (postgres.url): over after 2 min 30 s and 300 failed attempts."),
                told("outage-a", () -> {
                    for (int i = 0; i < 150; i++) { // two workers
                        outages.failed(End.POSTGRES, "refused");
                        outages.failed(End.POSTGRES, "refused");
                        seconds(1);
                    }
                    outages.worked(End.POSTGRES, now);
                }));
    }

    @Test
    void anotherErrorIsToldAtOnceButOnlyOnce() {
        Outages outages = new Outages("outage-b", () -> now);
        List<String> told = told("outage-b", () -> {
            for (int i = 0; i < 30; i++) {
                outages.failed(End.SEQUIN, i % 2 == 0 ? "refused" : "401");
                seconds(1);
            }
        });
        assertEquals(
                List.of(
                        "WARN Outage of Sequin (sequin.url): refused" + AWAY,
                        "WARN Outage of Sequin (sequin.url) for 1 s, 2 failed attempts: 401" + AWAY),
                told);
    }

    @Test
    void whatBeganBeforeItDoesNotEndIt() {
        Outages outages = new Outages("outage-c", () -> now);
        assertEquals(
                List.of("WARN Batches fail: late" + AWAY, "INFO Batches fail: over after 5 s and 1 failed attempt."),
                told("outage-c", () -> {
                    long before = now;
                    seconds(1);
                    outages.failed(End.BATCHES, "late");
                    outages.worked(End.BATCHES, before);
                    seconds(5);
                    outages.worked(End.BATCHES, now);
                    outages.worked(End.BATCHES, now);
                }));
    }
}
