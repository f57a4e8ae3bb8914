package io.github.sequinroutes.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.observe.Backlog.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** docs/promises.md 74: a backlog is a line every few seconds, and one when it is done; who keeps up says nothing. */
class BacklogTest {
    private final List<String> lines = new ArrayList<>();

    private static Seen at(long seconds, boolean isBehind, long done, long deadLetters, long pending) {
        return new Seen(TimeUnit.SECONDS.toNanos(seconds), isBehind, done, deadLetters, pending, 0, false);
    }

    private static Seen paused(long seconds, long done, int paused, boolean hasUnacked) {
        return new Seen(TimeUnit.SECONDS.toNanos(seconds), false, done, 0, 0, paused, hasUnacked);
    }

    private void see(Backlog backlog, Seen... seen) {
        for (Seen each : seen) {
            String line = backlog.lineFor(each);
            if (line != null) {
                lines.add(line);
            }
        }
    }

    @Test
    void aBacklogAtTheStart() {
        see(
                new Backlog(false, at(0, false, 0, 0, -1)),
                at(1, true, 1_000, 0, 59_000),
                at(5, true, 10_000, 0, 50_000),
                at(6, true, 12_000, 1, 48_000),
                at(10, true, 20_000, 3, 40_000),
                at(30, false, 60_000, 3, 0),
                at(31, false, 60_000, 3, 0));
        assertEquals(
                List.of(
                        "Backlog: 10,000 done, 2,000/s, 50,000 pending, 25 s left",
                        "Backlog: 20,000 done, 2,000/s, 40,000 pending, 20 s left, 3 dead letters",
                        "Caught up: 60,000 messages in 30 s, 3 dead letters"),
                lines);
    }

    @Test
    void whereTheServerDoesNotSayWhatIsPending() {
        see(new Backlog(true, at(0, false, 0, 0, -1)), at(5, true, 500, 1, -1), at(6, false, 600, 1, -1));
        assertEquals(
                List.of("Backlog: 500 done, 100/s, 1 dead letter", "Caught up: 600 messages in 6 s, 1 dead letter"),
                lines);
    }

    @Test
    void somebodyWatches() {
        see(new Backlog(true, at(0, false, 0, 0, -1)), at(5, true, 1_500, 0, 4_500));
        assertEquals(List.of("[#####...............] 25 %: 1,500 done, 300/s, 4,500 pending, 15 s left"), lines);
    }

    @Test
    void whoKeepsUpSaysNothing() {
        Backlog backlog = new Backlog(false, at(0, false, 0, 0, -1));
        see(backlog, at(1, false, 1, 0, 0));
        for (int second = 2; second < 100; second++) {
            see(backlog, at(second, second % 2 == 0, second * 1_000L, 0, second % 2));
        }
        assertEquals(List.of("Caught up: 1 message in 1 s"), lines);
    }

    @Test
    void nothingIsSaidWhileNothingIsDone() {
        see(
                new Backlog(false, at(0, false, 0, 0, -1)),
                at(5, true, 1_000, 0, 9_000),
                at(90, true, 1_000, 0, 9_000),
                at(100, true, 2_900, 0, 7_100));
        assertEquals(
                List.of(
                        "Backlog: 1,000 done, 200/s, 9,000 pending, 45 s left",
                        "Backlog: 2,900 done, 20/s, 7,100 pending, 5 min 55 s left"),
                lines);
    }

    /** Nothing is left at the server, and nothing is written either. */
    @Test
    void pausedCollectionsAreABacklogOfTheirOwn() {
        see(
                new Backlog(false, at(0, false, 0, 0, -1)),
                paused(2, 4, 3, true),
                paused(3, 4, 3, true),
                paused(600, 4, 1, false), // tried again, at this moment
                paused(601, 4, 0, true),
                paused(602, 4, 0, false), // on their way
                paused(603, 1_004, 0, true),
                paused(604, 3_004, 0, false),
                paused(605, 3_004, 0, false));
        assertEquals(
                List.of(
                        "Caught up but for 3 paused collections: 4 messages in 2 s",
                        "Caught up: 3,000 messages in 4 s"),
                lines);
    }

    @Test
    void whatSomebodyElseHasGotIsNotWaitedFor() {
        see(
                new Backlog(false, at(0, false, 0, 0, -1)),
                paused(1, 1, 1, true),
                paused(2, 1, 0, false),
                paused(90, 1, 0, false),
                paused(100, 2, 0, false));
        assertEquals(List.of("Caught up but for 1 paused collection: 1 message in 1 s"), lines);
    }

    @Test
    void thereIsNoTimeLeftWhereNothingMoves() {
        see(new Backlog(false, at(0, false, 0, 0, -1)), at(5, true, 6_000, 0, 5), at(35, true, 6_002, 0, 1));
        assertEquals(
                List.of("Backlog: 6,000 done, 1,200/s, 5 pending, 0 s left", "Backlog: 6,002 done, 0/s, 1 pending"),
                lines);
    }
}
