package io.github.sequinroutes.write;

import io.github.sequinroutes.read.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Executes records within one transaction, and narrows down what is rejected, from savepoint to savepoint, until each
 * record at fault is alone: all the others stay executed. Used by one thread.
 */
final class Bisection {
    private static final String BEGIN = "savepoint bisection";
    private static final String KEEP = "release savepoint bisection";
    private static final String UNDO = "rollback to savepoint bisection";

    private final Connection connection;
    private final Step step;
    private final Predicate<SQLException> isRejection;
    private final long until;
    private final List<Message> executed = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Message> untried = new ArrayList<>();

    /** What is done with records: all of it, or none. */
    interface Step {
        void execute(List<Message> records) throws SQLException;
    }

    /**
     * A record that was rejected alone.
     *
     * @param failure        what PostgreSQL says
     * @param executedBefore how many others had been executed by then
     */
    record Rejection(Message record, SQLException failure, int executedBefore) {}

    /**
     * Nothing is executed yet.
     *
     * @param isRejection whether a failure may be for a record; any other ends the bisection
     * @param until       when no more is begun, by the monotonic clock
     */
    Bisection(Connection connection, Step step, Predicate<SQLException> isRejection, long until) {
        this.connection = connection;
        this.step = step;
        this.isRejection = isRejection;
        this.until = until;
    }

    /**
     * Executes these records, in their order, of which one at least is known to be rejected.
     *
     * @throws SQLException what is no rejection: then nothing of the transaction must be committed
     */
    void run(List<Message> records) throws SQLException {
        execute(BEGIN);
        int from = 0;
        int badBefore = records.size(); // one of those from here to there is rejected
        int size = 1; // what is tried at once where none is known to be
        while (from < records.size() && System.nanoTime() - until < 0) {
            int end = from < badBefore ? from + Math.max(1, (badBefore - from) / 2) : from + size;
            List<Message> some = records.subList(from, Math.min(end, records.size()));
            SQLException failure = attempt(some);
            if (failure == null) {
                executed.addAll(some);
                from += some.size();
                size *= 2;
            } else if (some.size() > 1) {
                badBefore = from + some.size();
            } else {
                rejected.add(new Rejection(some.get(0), failure, executed.size()));
                from++;
                badBefore = from;
                size = 1;
            }
        }
        untried.addAll(records.subList(from, records.size()));
        execute(KEEP);
    }

    /** Returns why these are rejected, or null if they are not. */
    private SQLException attempt(List<Message> some) throws SQLException {
        try {
            step.execute(some);
            execute(KEEP + "; " + BEGIN);
            return null;
        } catch (SQLException e) {
            if (!isRejection.test(e)) {
                throw e;
            }
            execute(UNDO);
            return e;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What has been executed, in order. */
    List<Message> executed() {
        return executed;
    }

    /** What was rejected, in order. */
    List<Rejection> rejected() {
        return rejected;
    }

    /** What there was no time for, in order. */
    List<Message> untried() {
        return untried;
    }
}
