package io.github.sequinroutes.judge;

/** What must happen after a failure. */
public enum Kind {
    /** The database is away or busy: ack nothing, dead-letter nothing, try again later. */
    RETRY,
    /** The template or the schema is wrong: the collection pauses, the others go on. */
    STOP,
    /** The record is at fault: dead-letter it. */
    REJECT;

    static Kind of(String sqlState) {
        return switch (sqlState) {
            case "25006", "55P03" -> RETRY;
            case "428C9" -> STOP;
            default -> ofClass(sqlState.substring(0, 2));
        };
    }

    private static Kind ofClass(String sqlClass) {
        return switch (sqlClass) {
            // 21: two records of a batch meet in one row; halving the batch parts them
            case "21", "22", "23", "54", "44", "P0" -> REJECT;
            case "0A", "28", "3D", "3F", "42" -> STOP;
            default -> RETRY;
        };
    }
}
