package io.github.sequinroutes.bench;

/** How many records a run takes, and how many of them, the first, only warm it up. */
record Size(int records, int warmUp) {
    /** Two fifths of them are for warming up. */
    static Size of(int records) {
        return new Size(records, records * 2 / 5);
    }

    /** How many are measured. */
    int measured() {
        return records - warmUp;
    }
}
