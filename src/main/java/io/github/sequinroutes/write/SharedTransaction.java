package io.github.sequinroutes.write;

import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.RecordValues;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One transaction of several collections: their messages stay pending until it is committed. Used by one thread. */
final class SharedTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(SharedTransaction.class);
    /** A row is missing to which another refers. */
    private static final String NO_PARENT = "23503";

    /** After this no other joins: what others hold locked, and have executed, is to be committed. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Lease lease;
    private final List<Share> shares = new ArrayList<>();
    private Connection connection;
    private RoundTrip trip;
    private Exception failure;
    private long beganAt;
    private long timeoutMillis;
    private int size;

    /** What has been executed for one collection. */
    private record Share(
            UpsertSink sink, CollectionState state, List<Message> records, List<Message> upserted, long nanos) {}

    /** Of messages with this lease. */
    SharedTransaction(Lease lease) {
        this.lease = lease;
    }

    /** Begins with its first statement, behind these; each may take so long, in milliseconds. */
    void begin(Connection its, RoundTrip first, long millis) {
        timeoutMillis = millis;
        connection = its;
        trip = first;
        beganAt = System.nanoTime();
    }

    /** How many records have been sent to their tables, or were about to be. */
    int size() {
        return size;
    }

    private boolean mayJoin() {
        return failure == null && System.nanoTime() - beganAt < LONG_NANOS && !lease.isLate();
    }

    /** Executes the templates of a sink for a group, unless something about that is not usual. */
    void write(UpsertSink sink, CollectionState state, Group group) {
        if (!mayJoin()) {
            return;
        }
        if (!sink.table().canShare() || state.lastNanos() > LONG_NANOS) {
            state.company().stayAway(false);
            return;
        }
        List<Message> records = usual(sink.table(), state, group);
        Map<Message, RecordValues> values = values(sink.table(), records);
        WriteAttempt attempt = sink.table().attempt(values);
        if (records.isEmpty() || !attempt.isKnown(records)) {
            return;
        }
        long begin = System.nanoTime();
        size += records.size();
        try {
            List<Message> upserted = attempt.executeQuickly(connection, trip, records, timeoutMillis);
            shares.add(new Share(sink, state, records, upserted, System.nanoTime() - begin));
        } catch (SQLException | RuntimeException e) {
            state.company().stayAway(NO_PARENT.equals(Failures.sqlState(e)));
            fail(e);
        }
    }

    /** The records of a group, each once; none if some are not to be written at once and as they are. */
    private static List<Message> usual(Table table, CollectionState state, Group group) {
        List<Message> messages = group.pending();
        try {
            for (Message message : messages) {
                table.templates().checkVersion(message);
                table.templates().identify(message);
            }
        } catch (MalformedRecordException e) {
            LOG.debug("A message cannot be written", e);
            return List.of();
        }
        List<List<Message>> rounds = Group.rounds(messages);
        List<Message> records = rounds.get(0);
        boolean isUsual = rounds.size() == 1
                && records.size() <= state.limit()
                && records.stream()
                        .noneMatch(record -> record.lacksValues()
                                || record.isForsaken()
                                || state.suspects().has(record))
                && messages.stream().allMatch(message -> table.templates().departure(message) == null);
        return isUsual ? records : List.of();
    }

    private static Map<Message, RecordValues> values(Table table, List<Message> records) {
        Map<Message, RecordValues> values = new HashMap<>();
        for (Message record : records) {
            try {
                values.put(record, table.extractValues(record));
            } catch (RecordFaultException e) {
                LOG.debug("The values of a record cannot be extracted", e);
            }
        }
        return values;
    }

    /** Notes that nothing of it may be committed, and why. */
    void fail(Exception why) {
        failure = failure == null ? why : failure;
    }

    /**
     * Makes sure that it may be committed.
     *
     * @throws SQLException if not
     */
    void requireSound() throws SQLException {
        if (failure instanceof SQLException sql) {
            throw sql;
        } else if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Notes that nothing of it is written: if only together it failed, each is written alone for a while. */
    void rolledBack(Throwable why) {
        if (failure == null && Failures.isReportedByServer(why)) {
            shares.forEach(share -> share.state.company().stayAway(false));
        }
    }

    /** Notes that all of it is written. */
    void committed() {
        for (Share share : shares) {
            share.sink.wrote(share.state, share.records, share.upserted, share.nanos);
        }
    }
}
