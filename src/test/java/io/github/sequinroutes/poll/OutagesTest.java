package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.poll.Outages.Attempt;
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

    private void tellOver(Outages outages) {
        seconds(10);
        outages.tellOver();
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
                        outages.failed(End.POSTGRES, Attempt.BATCH, now, "postgres.url", "refused");
                        outages.failed(End.POSTGRES, Attempt.BATCH, now, "postgres.url", "refused");
                        seconds(1);
                    }
                    outages.worked(End.POSTGRES, Attempt.BATCH, now);
                    tellOver(outages);
                }));
    }

    @Test
    void anotherErrorIsToldAtOnceButOnlyOnce() {
        Outages outages = new Outages("outage-b", () -> now);
        List<String> told = told("outage-b", () -> {
            for (int i = 0; i < 30; i++) {
                outages.failed(End.SEQUIN, Attempt.BATCH, now, "sequin.url", i % 2 == 0 ? "refused" : "401");
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
    void anErrorWithOtherNumbersIsNoOther() {
        Outages outages = new Outages("outage-h", () -> now);
        String cut = "The server's response broke off (expected: %d; received: %d); see its log";
        String lost = "An I/O error occurred. It says: %s. (SQLSTATE 08006); see the log of PostgreSQL";
        List<String> errors = List.of(
                cut.formatted(56, 14),
                cut.formatted(4956, 3280),
                "Sequin answered 502; see whether Sequin runs",
                "Sequin answered 503; see whether Sequin runs",
                lost.formatted("Broken pipe"),
                lost.formatted("EOFException"),
                "PostgreSQL has given no connection within 2 s",
                "PostgreSQL has given no connection within 5 s",
                "refused (SQLSTATE 08001)",
                "refused (SQLSTATE 08004)",
                "cannot execute INSERT in a read-only transaction (SQLSTATE 25006); name the primary",
                "the server is read-only, as a standby is (SQLSTATE 25006); name the primary");
        List<String> told = told("outage-h", () -> {
            errors.forEach(error -> outages.failed(End.SEQUIN, Attempt.BATCH, now, "", error));
        });
        assertEquals(
                List.of(0, 2, 3, 4, 6, 8, 9, 10),
                told.stream()
                        .map(line -> errors.stream()
                                .filter(line::contains)
                                .map(errors::indexOf)
                                .findFirst()
                                .orElse(-1))
                        .toList());
    }

    @Test
    void whatBeganBeforeItDoesNotEndIt() {
        Outages outages = new Outages("outage-c", () -> now);
        assertEquals(
                List.of("WARN Batches fail: late" + AWAY, "INFO Batches fail: over after 5 s and 1 failed attempt."),
                told("outage-c", () -> {
                    long before = now;
                    seconds(1);
                    outages.failed(End.BATCHES, Attempt.BATCH, now, "", "late");
                    outages.worked(End.BATCHES, Attempt.BATCH, before);
                    seconds(5);
                    outages.worked(End.BATCHES, Attempt.BATCH, now);
                    outages.worked(End.BATCHES, Attempt.BATCH, now);
                    tellOver(outages);
                    tellOver(outages);
                }));
    }

    /** The probe and a worker notice it in their own time: it is over when neither sees it any more. */
    @Test
    void itIsOverWhenAllWhoHaveNoticedItWorkAgain() {
        Outages outages = new Outages("outage-d", () -> now);
        assertEquals(
                List.of(
                        "WARN Outage of PostgreSQL (postgres.url): refused" + AWAY,
                        "INFO Outage of PostgreSQL (postgres.url): over after 2 s and 2 failed attempts."),
                told("outage-d", () -> {
                    outages.failed(End.POSTGRES, Attempt.PROBE, now, "postgres.url", "refused");
                    outages.failed(End.POSTGRES, Attempt.PREPARATION, now, "postgres.url", "refused");
                    seconds(1);
                    outages.worked(End.POSTGRES, Attempt.PROBE, now);
                    outages.worked(End.POSTGRES, Attempt.BATCH, now);
                    seconds(1);
                    outages.worked(End.POSTGRES, Attempt.PREPARATION, now);
                    tellOver(outages);
                }));
    }

    /** A privilege that only some records need: what one worker cannot do the other does, with other records. */
    @Test
    void itIsOneAlthoughSomeWorkMeanwhile() {
        Outages outages = new Outages("outage-g", () -> now);
        assertEquals(
                List.of(
                        "WARN Outage of PostgreSQL (the role): denied" + AWAY,
                        "INFO Outage of PostgreSQL (the role): over after 48 s and 7 failed attempts."),
                told("outage-g", () -> {
                    for (int i = 0; i < 7; i++) {
                        outages.failed(End.POSTGRES, Attempt.BATCH, now, "the role", "denied");
                        outages.worked(End.POSTGRES, Attempt.BATCH, now);
                        outages.tellOver();
                        seconds(8); // the longest pause, and the attempt
                        outages.tellOver();
                    }
                    seconds(2);
                    outages.tellOver();
                    outages.tellOver();
                }));
    }

    /** Two workers whose requests time out one after the other, while the first has been answered again. */
    @Test
    void whatBeganBeforeItWasOverIsNoOutageOfItsOwn() {
        Outages outages = new Outages("outage-e", () -> now);
        assertEquals(
                List.of(
                        "WARN Outage of Sequin (sequin.url): late" + AWAY,
                        "INFO Outage of Sequin (sequin.url): over after 1 s and 1 failed attempt.",
                        "WARN Outage of Sequin (sequin.url): gone" + AWAY),
                told("outage-e", () -> {
                    long other = now;
                    outages.failed(End.SEQUIN, Attempt.BATCH, now, "sequin.url", "late");
                    seconds(1);
                    outages.worked(End.SEQUIN, Attempt.BATCH, now);
                    outages.failed(End.SEQUIN, Attempt.BATCH, other, "sequin.url", "late");
                    tellOver(outages);
                    outages.failed(End.SEQUIN, Attempt.BATCH, other, "sequin.url", "late");
                    outages.failed(End.SEQUIN, Attempt.BATCH, seconds(1), "sequin.url", "gone");
                }));
    }

    @Test
    void anotherErrorDoesNotPutOffTheLineOfTheMinute() {
        Outages outages = new Outages("outage-f", () -> now);
        List<String> told = told("outage-f", () -> {
            for (int i = 0; i <= 60; i++) {
                outages.failed(End.SEQUIN, Attempt.BATCH, now, "sequin.url", i < 5 ? "refused" : "401");
                seconds(1);
            }
        });
        assertEquals(
                List.of(
                        "WARN Outage of Sequin (sequin.url): refused" + AWAY,
                        "WARN Outage of Sequin (sequin.url) for 5 s, 6 failed attempts: 401" + AWAY,
                        "WARN Outage of Sequin (sequin.url) for 1 min 0 s, 61 failed attempts: 401" + AWAY),
                told);
    }
}
