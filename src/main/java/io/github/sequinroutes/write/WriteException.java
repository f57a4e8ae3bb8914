package io.github.sequinroutes.write;

/** A write that failed, and at which step: what a failure means depends on that. */
final class WriteException extends Exception {
    private final Step step;

    /** What was being done. */
    enum Step {
        /** Getting a connection, and beginning the transaction. */
        CONNECT,
        /** Asking the tables of schema sequin: the ledger and the dead letters. */
        LEDGER,
        /** Having the server look at the template, with no record yet. */
        DESCRIBE,
        /** Executing the template for the records, and committing. */
        EXECUTE
    }

    WriteException(Step step, Throwable cause) {
        super(cause);
        this.step = step;
    }

    /** What was being done when it failed. */
    Step step() {
        return step;
    }
}
