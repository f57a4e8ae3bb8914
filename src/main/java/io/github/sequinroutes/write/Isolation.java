package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Executes records within one transaction, from savepoint to savepoint, until each record that fails is alone: all the
 * others stay executed. Used by one thread.
 */
final class Isolation {
    /** After this many slow failures nothing more is tried, if none was executed. */
    static final int ENOUGH = 5;

    private static final String BEGIN = "savepoint isolation";
    private static final String KEEP = "release savepoint isolation";
    /** What is deferred to the commit would take all the others with it. */
    private static final String CHECK = "set constraints all immediate; set constraints all deferred; ";

    private static final String UNDO = "rollback to savepoint isolation";

    private final Connection connection;
    private final Step step;
    private final Rules rules;
    private final List<Message> executed = new ArrayList<>();
    private final List<Message> upserted = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Message> untried = new ArrayList<>();

    /** What is done with records: all of it, or none. Returns those that the table has taken. */
    interface Step {
        List<Message> execute(List<Message> records, long timeoutMillis) throws SQLException;
    }

    /** Its limits. */
    interface Rules {
        /** How long {@code records} records may take, in milliseconds; below 1 nothing more is begun. */
        long timeoutMillis(int records);

        /** Notes how long the executed records took. */
        void executed(int records, long nanos);

        /** What to do about a failure of {@code records} records after {@code nanos} nanoseconds. */
        Reaction failed(int records, SQLException failure, long nanos);
    }

    /** What a failure means for the search. */
    enum Reaction {
        /** It is for a record: find out which, by halves. */
        HALVE,
        /** It is for a record and has taken its time: find out which, one by one, for few should fail. */
        ONE_BY_ONE,
        /** It is for something else. */
        END
    }

    /**
     * A record that was rejected alone.
     *
     * @param failure        what PostgreSQL says
     * @param executedBefore how many others had been executed by then
     * @param nanos          how long it took
     */
    record Rejection(Message record, SQLException failure, int executedBefore, long nanos) {}

    /** Nothing is executed yet. */
    Isolation(Connection connection, Step step, Rules rules) {
        this.connection = connection;
        this.step = step;
        this.rules = rules;
    }

    /**
     * Executes records, in their order, of which one at least is known to fail.
     *
     * @param oneByOne whether that takes its time
     * @throws SQLException what is for no record: then nothing of the transaction must be committed
     */
    void run(List<Message> records, boolean oneByOne) throws SQLException {
        execute(BEGIN);
        int from = 0;
        int badBefore = records.size(); // one of those from here to there is rejected
        int alone = oneByOne ? records.size() : 0; // up to there each is tried alone
        int size = 1; // what is tried at once where none is known to be
        while (from < records.size() && !isHopeless(alone)) {
            int half = Math.max(1, (badBefore - from) / 2);
            int to = from + (from < alone ? 1 : from < badBefore ? half : size);
            List<Message> some = records.subList(from, Math.min(to, records.size()));
            long timeoutMillis = rules.timeoutMillis(some.size());
            if (timeoutMillis < 1) {
                break;
            }
            long begin = System.nanoTime();
            SQLException failure = attempt(some, timeoutMillis);
            long nanos = System.nanoTime() - begin;
            Reaction reaction = failure == null ? null : rules.failed(some.size(), failure, nanos);
            if (reaction == Reaction.END) {
                throw failure;
            }
            if (failure == null) {
                from += some.size();
                size *= 2;
            } else if (some.size() == 1) {
                rejected.add(new Rejection(some.get(0), failure, executed.size(), nanos));
                from++;
                badBefore = from;
                size = 1;
            } else if (reaction == Reaction.ONE_BY_ONE) {
                alone = from + some.size();
            } else {
                badBefore = from + some.size();
            }
        }
        untried.addAll(records.subList(from, records.size()));
        execute(KEEP);
    }

    /** Whether one by one takes its time and none is executed. */
    private boolean isHopeless(int alone) {
        return alone > 0 && executed.isEmpty() && rejected.size() >= ENOUGH;
    }

    /** Returns why these fail, or null if they do not. */
    private SQLException attempt(List<Message> some, long timeoutMillis) throws SQLException {
        long begin = System.nanoTime();
        try {
            List<Message> taken = step.execute(some, timeoutMillis);
            execute(CHECK + KEEP + "; " + BEGIN);
            upserted.addAll(taken);
        } catch (SQLException e) {
            if (!Failures.isReportedByServer(e)) {
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

    /** What of that the table has taken, in order: not what the ledger kept out, for one. */
    List<Message> upserted() {
        return upserted;
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
