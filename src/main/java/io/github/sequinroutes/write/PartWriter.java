package io.github.sequinroutes.write;

import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.DatabaseAwayException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.RecordValues;
import io.github.sequinroutes.write.Blame.Alone;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the parts of a group, each in one transaction. The records at fault in a part that fails are isolated, and the
 * others are committed. Used by one thread.
 */
final class PartWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PartWriter.class);
    private static final int COLLISIONS = 6;
    private static final long SHORTEST_PAUSE_MILLIS = 20;
    /** A record that waits for locks is not slow itself, even if each wait is shorter than the lock time-out. */
    private static final long SHORT_WAIT_MILLIS = 100;

    /** What takes more than this part of the time that there is, is not quick. */
    private static final int QUICK_SHARE = 4;

    private final Table table;
    private final FailureClassifier classifier;
    private final CollectionState state;
    private final Parts parts;
    private final WriteTime time;
    private final Blame blame;
    private final Map<Message, RecordValues> values = new HashMap<>();
    private Departures departures;
    private int written;
    private int collisions;
    private boolean late;

    PartWriter(UpsertSink sink, CollectionState state, Parts parts, WriteTime time, Blame blame) {
        table = sink.table();
        classifier = sink.classifier();
        this.state = state;
        this.parts = parts;
        this.time = time;
        this.blame = blame;
    }

    /** What is written again is written with the deletion of the row that it has left. */
    void alsoDelete(Departures these) {
        departures = these;
    }

    /** How many records have been written. */
    int written() {
        return written;
    }

    /** Whether it was too late for some. */
    boolean wasLate() {
        return late;
    }

    /** Writes all parts, also those that are added meanwhile; none once it is too late. */
    void write() {
        while (!parts.isEmpty()) {
            List<Message> part = ready(parts.next());
            if (part.isEmpty()) {
                continue;
            }
            if (time.isLate()) {
                late = true;
                return; // left pending: given back, and written sooner next time
            }
            if (time.isSpent()) {
                part.forEach(this::leaveUnackedForNow);
            } else if (part.size() == 1 && state.suspects().has(part.get(0))) {
                writeSuspect(part);
            } else {
                write(part, time.millis(part.size()), time.millis(part.size()));
            }
        }
    }

    /**
     * Those of a part that can be written now. Of a record that has been written meanwhile the older versions are
     * superseded; one that needs what an older version has written waits for that.
     */
    private List<Message> ready(List<Message> part) {
        for (Message record : part) {
            if (record.isPending() && record.isForsaken()) {
                // else its row would keep a value of before, and look as if it were new: both are to be replayed
                Blame.reject(record, OpenDeadLetters.failure("a dead letter"));
            } else if (record.isPending() && record.mustWait()) {
                state.keep(record.leaveVersionsUnacked());
            }
        }
        return part.stream().filter(Message::isPending).toList();
    }

    private void writeSuspect(List<Message> alone) {
        long millis = time.millisOfSuspect(alone.get(0));
        if (millis > 0) {
            boolean decides = state.suspects().isLast(alone.get(0));
            write(alone, millis, decides ? SHORT_WAIT_MILLIS : millis);
        } else {
            alone.get(0).leaveVersionsUnacked();
        }
    }

    private void write(List<Message> part, long timeoutMillis, long lockMillis) {
        long begin = System.nanoTime();
        blame.writing();
        try {
            extractValues(part);
            boolean isQuick = mayBeQuick(part);
            List<Message> upserted = isQuick ? table.writeQuickly(part, values, timeoutMillis / QUICK_SHARE) : null;
            if (upserted == null) {
                long millis = isQuick ? Math.min(timeoutMillis, time.millis(part.size())) : timeoutMillis;
                upserted = table.write(part, values, millis, lockMillis);
            }
            state.wrote(part.size(), System.nanoTime() - begin);
            state.lostConnections().wrote(part.size());
            written(part, upserted);
        } catch (WriteException e) {
            if (e.getCause() instanceof RecordFaultException own) {
                isolate(own, part);
            } else {
                failed(e, part, begin);
            }
        }
    }

    private boolean mayBeQuick(List<Message> part) {
        return !state.isInTrouble() && (part.size() > 1 || !state.suspects().has(part.get(0)));
    }

    /** Writes one record alone, if there is time. */
    Rejected.Outcome writeAgain(Message record) {
        if (record.isForsaken()) {
            return Rejected.Outcome.REJECTED;
        }
        if (time.isLate()) {
            return Rejected.Outcome.UNKNOWN;
        }
        if (time.isSpent()) {
            leaveUnackedForNow(record);
            return Rejected.Outcome.UNKNOWN;
        }
        long begin = System.nanoTime();
        try {
            List<Message> records = departures.with(record);
            table.write(records, values, time.millis(1), time.millis(1));
            records.forEach(this::written);
            written++;
            return Rejected.Outcome.ACCEPTED;
        } catch (WriteException e) {
            time.charge(begin);
            boolean isOfRecord = e.getCause() instanceof RecordFaultException || classifier.isRecordFault(e);
            return isOfRecord ? Rejected.Outcome.REJECTED : Rejected.Outcome.UNKNOWN;
        }
    }

    /**
     * Extracts the values before it holds a permit to write, so that PostgreSQL need not wait for that. A record whose
     * values cannot be extracted is skipped here: the ledger may know a newer version, and then they are not needed.
     */
    private void extractValues(List<Message> part) {
        for (Message record : part) {
            if (!values.containsKey(record)) {
                try {
                    RecordValues extracted = table.extractValues(record);
                    if (extracted != null) {
                        values.put(record, extracted);
                    }
                } catch (RecordFaultException e) {
                    LOG.debug("The values of a record cannot be extracted", e);
                }
            }
        }
    }

    private void written(List<Message> some, List<Message> upserted) {
        some.forEach(this::written);
        written += some.size();
        collisions = 0;
        if (!upserted.isEmpty()) {
            blame.taken(upserted.get(0));
        }
    }

    private void written(Message record) {
        record.written();
        state.suspects().settled(record);
    }

    private void failed(WriteException failure, List<Message> part, long begin) {
        if (FailureClassifier.isCollision(failure) && ++collisions <= COLLISIONS) {
            // at random, lest those who have met meet again
            long longest = SHORTEST_PAUSE_MILLIS << collisions;
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(longest)));
            parts.again(part);
            time.charge(begin);
            return;
        }
        countTimeOut(failure);
        FailureClassifier.Scope scope = blame.classify(failure);
        if (scope == FailureClassifier.Scope.RECORD && part.size() > 1) {
            isolate(part, false, begin);
            return;
        }
        if (scope == FailureClassifier.Scope.BATCH
                && LostConnections.isOne(failure)
                && state.lostConnections().isToBeTriedAgain(state.name(), part.size(), failure)) {
            parts.again(part);
            time.charge(begin);
            return;
        }
        boolean isTimeOut =
                scope == FailureClassifier.Scope.BATCH && part.size() > 1 && FailureClassifier.isTimeOut(failure);
        switch (scope) {
            case DATABASE -> throw new DatabaseAwayException(failure.getCause());
            case COLLECTION -> blame.giveUp(failure, part);
            case RECORD -> blame.rejected(List.of(new Alone(part.get(0), failure, written, false, 0)));
            case BATCH -> {
                state.failed(part.size());
                if (part.size() == 1) {
                    blame.failedAlone(part.get(0), failure, System.nanoTime() - begin);
                } else if (!isTimeOut) {
                    parts.halve(part);
                }
            }
        }
        time.charge(begin);
        if (isTimeOut) {
            isolate(part, true, System.nanoTime());
        }
    }

    private void countTimeOut(WriteException failure) {
        if (FailureClassifier.isTimeOut(failure)) {
            state.counters().timedOut();
        }
    }

    /** The records at fault are known: the others need not be searched. */
    private void isolate(RecordFaultException failure, List<Message> part) {
        Set<Message> bad = new HashSet<>();
        for (RecordFaultException fault : failure.all()) {
            Blame.reject(fault.message(), (SQLException) fault.getCause());
            bad.add(fault.message());
        }
        parts.again(part.stream().filter(message -> !bad.contains(message)).toList());
        bad.forEach(parts::olderOf);
    }

    /** Writes a part of which records fail: in one transaction, or by halves if more than that is wrong. */
    private void isolate(List<Message> part, boolean oneByOne, long begin) {
        state.counters().isolating();
        WriteTime.Bounds bounds = time.bounds(classifier);
        try {
            Table.Isolated isolated = table.isolate(part, values, oneByOne, time.millis(part.size()), bounds);
            int all = isolated.written().size();
            int before = written;
            parts.again(isolated.untried(), state.limit());
            written(isolated.written(), isolated.upserted());
            List<Alone> failed = isolated.rejected().stream()
                    .map(each -> new Alone(
                            each.record(),
                            new WriteException(WriteException.Step.EXECUTE, each.failure()),
                            before + each.executedBefore(),
                            each.executedBefore() < all && !isolated.upserted().isEmpty(),
                            each.nanos()))
                    .toList();
            failed.forEach(alone -> countTimeOut(alone.failure()));
            List<Alone> rejected = failed.stream()
                    .filter(alone -> !FailureClassifier.isTimeOut(alone.failure()))
                    .toList();
            time.charge(begin, bounds, all, rejected.size());
            long asked = System.nanoTime();
            blame.rejected(rejected);
            failed.stream()
                    .filter(alone -> FailureClassifier.isTimeOut(alone.failure()) && !blame.isPaused())
                    .forEach(alone -> blame.failedAlone(alone.record(), alone.failure(), alone.nanos()));
            time.charge(asked);
        } catch (WriteException e) {
            LOG.debug("The records at fault cannot be told in one transaction", e);
            parts.halve(part);
            time.charge(begin);
        }
    }

    /** Leaves a record unacked until its collection may be tried again. */
    private void leaveUnackedForNow(Message record) {
        state.keep(record.leaveVersionsUnacked());
    }
}
