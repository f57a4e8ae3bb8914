package io.github.sequinroutes.observe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** How a bundle did in the last hour: a sample every ten seconds, some kilobytes in all. Thread-safe. */
final class History {
    /** So many samples are an hour of them, and one to begin with. */
    static final int MAX_SAMPLES = 361;

    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * What is seen at a time.
     *
     * @param millis     when, since 1970
     * @param done       how many messages have been settled since the start
     * @param lagSeconds how far the tables are behind
     * @param pending    how many messages the server still has; less than 0 if it does not say
     */
    record Sample(long millis, long done, double lagSeconds, long pending) {}

    /**
     * A point of the charts.
     *
     * @param at      when, in seconds since 1970
     * @param rate    messages settled a second since the point before; null if there is none before
     * @param lag     in seconds
     * @param pending messages that the server has not delivered yet; null if it does not say
     */
    record Point(long at, Double rate, double lag, Long pending) {}

    /** Keeps a sample, and forgets the one of an hour before. */
    synchronized void add(Sample sample) {
        if (samples.size() == MAX_SAMPLES) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    /** The points, oldest first, with what is seen now as the last. */
    synchronized List<Point> points(Sample now) {
        List<Point> points = new ArrayList<>(samples.size() + 1);
        Sample before = null;
        Sample last = null;
        for (Sample sample : samples) {
            points.add(point(last, sample));
            before = last;
            last = sample;
        }
        // since the last sample too few may have come to tell: a batch is settled at once
        points.add(point(before == null ? last : before, now));
        return points;
    }

    private static Point point(Sample before, Sample sample) {
        double seconds = before == null ? 0 : (sample.millis - before.millis) / 1_000.0;
        // a clock that was set back makes no rate
        Double rate = seconds > 0 ? Double.valueOf((sample.done - before.done) / seconds) : null;
        return new Point(sample.millis / 1_000, rate, sample.lagSeconds, sample.pending < 0 ? null : sample.pending);
    }
}
