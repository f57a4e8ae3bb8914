package io.github.sequinroutes.bench;

import java.util.Random;

/** The keys of one record after the other, the same in each run. */
final class Keys {
    private final Random random = new Random(7);
    private final boolean distinct;
    private final int rows;
    private int taken;
    private int known;

    /** Keys of which each is a new one, or of which a third is of records that were there before. */
    Keys(boolean distinct) {
        this.distinct = distinct;
        this.rows = 0;
    }

    /** Keys spread at random over those of the rows that a table holds; none if it is empty. */
    Keys(int rows) {
        this.distinct = false;
        this.rows = rows;
    }

    /** The key of the next record. */
    int next() {
        if (rows > 0) {
            return random.nextInt(rows);
        }
        boolean update = taken++ % 3 == 2 && !distinct;
        return update ? random.nextInt(known) : known++;
    }
}
