package io.github.sequinroutes.bench;

import java.time.Duration;

/**
 * What one run showed.
 *
 * @param busy      the share of the time that the backends computed, summed over them; 0 if nobody asked
 * @param cpuMicros our process's computing time for a record, in microseconds; this and the memory are 0 for others
 * @param peakRss   in MB, as the others
 */
record Run(double recordsPerSecond, double busy, double cpuMicros, long peakRss, long peakHeap, long peakLive) {
    /** A run of another process. */
    static Run of(int records, Duration time, Duration backends) {
        return new Run(rate(records, time), share(backends, time), 0, 0, 0, 0);
    }

    /** Records a second. */
    static double rate(int records, Duration time) {
        return records * 1e9 / time.toNanos();
    }

    /** How much of a time. */
    static double share(Duration part, Duration time) {
        return (double) part.toNanos() / time.toNanos();
    }
}
