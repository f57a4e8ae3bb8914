package io.github.sequinroutes.bench;

import java.time.Duration;

/**
 * What one run showed.
 *
 * @param postgres what PostgreSQL has computed
 * @param cpu      what our process has computed; this and the memory are 0 for others
 * @param peakRss  the most memory that it has held, in MB
 */
record Run(int records, Duration time, Duration postgres, Duration cpu, long peakRss) {
    /** A run of another than our process. */
    Run(int records, Duration time, Duration postgres) {
        this(records, time, postgres, Duration.ZERO, 0);
    }

    double recordsPerSecond() {
        return records * 1e9 / time.toNanos();
    }

    /** Computing time of our process for a record, in microseconds. */
    double cpuMicros() {
        return cpu.toNanos() / 1e3 / records;
    }

    /** PostgreSQL's for a record, in microseconds. */
    double postgresMicros() {
        return postgres.toNanos() / 1e3 / records;
    }
}
