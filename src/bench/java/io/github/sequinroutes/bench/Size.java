package io.github.sequinroutes.bench;

/** How many records a run takes, and how many of them, the first, only warm it up. */
record Size(int records, int warmUp) {
    /** Three fifths of them are for warming up: that long the JVM goes on compiling. */
    static Size of(int records) {
        return new Size(records, (int) (records * 3L / 5));
    }

    /** How many are measured. */
    int measured() {
        return records - warmUp;
    }
}
