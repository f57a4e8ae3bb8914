package io.github.sequinroutes.bench;

/** How many records a run takes, and how many of them, the first, only warm it up. */
record Size(int records, int warmUp) {
    /** Half of them are for warming up. */
    static Size of(int records) {
        return new Size(records, records / 2);
    }

    /** How many are measured. */
    int measured() {
        return records - warmUp;
    }
}
