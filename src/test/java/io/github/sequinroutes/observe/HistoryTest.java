package io.github.sequinroutes.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.sequinroutes.observe.History.Point;
import io.github.sequinroutes.observe.History.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static Sample sample(long second, long done) {
        return new Sample(second * 1_000, done, second / 2.0, second % 2 == 0 ? second : -1);
    }

    @Test
    void aPointHasTheRateSinceTheOneBefore() {
        History history = new History();
        assertEquals(List.of(new Point(4, null, 2, 4L)), history.points(sample(4, 7)));
        history.add(sample(4, 7));
        history.add(sample(14, 107));
        // of the last two periods: a batch is settled at once
        assertEquals(
                List.of(new Point(4, null, 2, 4L), new Point(14, 10.0, 7, 14L), new Point(15, 20.0, 7.5, null)),
                history.points(sample(15, 227)));
    }

    @Test
    void anHourIsKept() {
        History history = new History();
        for (int i = 0; i <= 1_000; i++) {
            history.add(sample(10L * i, i));
        }
        List<Point> points = history.points(sample(10_005, 1_000));
        assertEquals(History.MAX_SAMPLES + 1, points.size());
        assertEquals(10_000 - 3_600, points.get(0).at());
    }

    @Test
    void aClockThatIsSetBackMakesNoRate() {
        History history = new History();
        history.add(sample(100, 7));
        assertNull(history.points(sample(50, 8)).get(1).rate());
    }
}
