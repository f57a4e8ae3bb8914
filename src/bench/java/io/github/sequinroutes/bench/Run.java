package io.github.sequinroutes.bench;

import java.time.Duration;

/** What one run showed; CPU time (microseconds a record) and memory (MB) are those of our process, else 0. */
record Run(double recordsPerSecond, double cpuMicros, long peakRss, long peakHeap, long peakLive) {
    /** A run of which only the time was measured. */
    static Run of(int records, Duration time) {
        return new Run(rate(records, time), 0, 0, 0, 0);
    }

    /** Records a second. */
    static double rate(int records, Duration time) {
        return records * 1e9 / time.toNanos();
    }
}
