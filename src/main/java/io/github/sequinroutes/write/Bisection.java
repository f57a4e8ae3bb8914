package io.github.sequinroutes.write;

import io.github.sequinroutes.read.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Executes records within one transaction, and halves what is rejected, from savepoint to savepoint, until each record
 * at fault is alone: all the others stay executed. Used by one thread.
 */
final class Bisection {
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
    void halve(List<Message> records) throws SQLException {
        int middle = records.size() / 2;
        attempt(records.subList(0, middle));
        attempt(records.subList(middle, records.size()));
    }

    private void attempt(List<Message> records) throws SQLException {
        if (System.nanoTime() - until > 0) {
            untried.addAll(records);
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            step.execute(records);
            executed.addAll(records);
        } catch (SQLException e) {
            if (!isRejection.test(e)) {
                throw e;
            }
            connection.rollback(before);
            if (records.size() > 1) {
                halve(records);
            } else {
                rejected.add(new Rejection(records.get(0), e, executed.size()));
            }
        }
        connection.releaseSavepoint(before);
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
