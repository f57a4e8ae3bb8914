package io.github.sequinroutes.bench;

/** What one run showed; CPU (microseconds a record) and memory (MB) are those of the client, 0 if not measured. */
record Result(String what, int workers, int batchSize, double recordsPerSecond, double cpuMicros, long peakMegabytes) {
    String key() {
        return what + ", " + workers + (workers == 1 ? " worker" : " workers") + ", batch " + batchSize;
    }
}
