package io.github.sequinroutes.write;

import io.github.sequinroutes.read.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Executes records within one transaction, from savepoint to savepoint, until each record that is rejected is alone: all
 * the others stay executed. Used by one thread.
 */
final class Isolation {
    private static final String BEGIN = "savepoint isolation";
    private static final String KEEP = "release savepoint isolation";
    private static final String UNDO = "rollback to savepoint isolation";

    private final Connection connection;
    private final Step step;
    private final Rules rules;
    private final List<Message> executed = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Message> untried = new ArrayList<>();

    /** What is done with records: all of it, or none. */
    interface Step {
        void execute(List<Message> records, long timeoutMillis) throws SQLException;
    }

    /** What it is bound by. */
    interface Rules {
        /** How long so many records may take, in milliseconds; nothing more is begun if that is less than one. */
        long timeoutMillis(int records);

        /** Notes how long some took that were executed. */
        void executed(int records, long nanos);

        /** Whether a failure may be for a record; any other ends the isolation. */
        boolean isRejection(SQLException failure);
    }

    /**
     * A record that was rejected alone.
     *
     * @param failure        what PostgreSQL says
     * @param executedBefore how many others had been executed by then
     */
    record Rejection(Message record, SQLException failure, int executedBefore) {}

    /** Nothing is executed yet. */
    Isolation(Connection connection, Step step, Rules rules) {
        this.connection = connection;
        this.step = step;
        this.rules = rules;
    }

    /**
     * Executes these records, in their order, of which one at least is known to be rejected: narrows it down.
     *
     * @throws SQLException what is no rejection: then nothing of the transaction must be committed
     */
    void bisect(List<Message> records) throws SQLException {
        execute(BEGIN);
        int from = 0;
        int badBefore = records.size(); // one of those from here to there is rejected
        int size = 1; // what is tried at once where none is known to be
        while (from < records.size()) {
            int end = from < badBefore ? from + Math.max(1, (badBefore - from) / 2) : from + size;
            List<Message> some = records.subList(from, Math.min(end, records.size()));
            long timeoutMillis = rules.timeoutMillis(some.size());
            if (timeoutMillis < 1) {
                break;
            }
            SQLException failure = attempt(some, timeoutMillis);
            if (failure == null) {
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

    /**
     * Executes these records one by one, in their order: where a failure takes its time, there should be few.
     *
     * @param enough when so many are rejected and none is executed, no more are tried
     * @throws SQLException what is no rejection: then nothing of the transaction must be committed
     */
    void each(List<Message> records, int enough) throws SQLException {
        execute(BEGIN);
        int from = 0;
        for (; from < records.size() && (!executed.isEmpty() || rejected.size() < enough); from++) {
            long timeoutMillis = rules.timeoutMillis(1);
            if (timeoutMillis < 1) {
                break;
            }
            SQLException failure = attempt(records.subList(from, from + 1), timeoutMillis);
            if (failure != null) {
                rejected.add(new Rejection(records.get(from), failure, executed.size()));
            }
        }
        untried.addAll(records.subList(from, records.size()));
        execute(KEEP);
    }

    /** Returns why these are rejected, or null if they are not. */
    private SQLException attempt(List<Message> some, long timeoutMillis) throws SQLException {
        long begin = System.nanoTime();
        try {
            step.execute(some, timeoutMillis);
            execute(KEEP + "; " + BEGIN);
        } catch (SQLException e) {
            if (!rules.isRejection(e)) {
                throw e;
            }
            execute(UNDO);
            return e;
        }
        rules.executed(some.size(), System.nanoTime() - begin);
        executed.addAll(some);
        return null;
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
