package io.github.sequinroutes.bench;

import java.time.Duration;

/**
 * What one run showed.
 *
 * @param cpu     our process's computing time; this and the memory are 0 for others
 * @param peakRss the most memory that it has held, in MB
 */
record Run(int records, Duration time, Duration cpu, long peakRss) {
    /** A run of which nothing but the time is known. */
    Run(int records, Duration time) {
        this(records, time, Duration.ZERO, 0);
    }

    double recordsPerSecond() {
        return records * 1e9 / time.toNanos();
    }

    /** Computing time for a record, in microseconds. */
    double cpuMicros() {
        return cpu.toNanos() / 1e3 / records;
    }
}
