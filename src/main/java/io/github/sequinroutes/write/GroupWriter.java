package io.github.sequinroutes.write;

import io.github.sequinroutes.bind.TemplateStatement.Values;
import io.github.sequinroutes.judge.DatabaseAwayException;
import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.judge.LeaseExpiredException;
import io.github.sequinroutes.judge.MalformedRecordException;
import io.github.sequinroutes.judge.RecordFaultException;
import io.github.sequinroutes.read.Group;
import io.github.sequinroutes.read.Message;
import io.github.sequinroutes.read.Rejection;
import io.github.sequinroutes.write.Judge.Answer;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one group into its table, once. A part of it that fails is halved until the record at fault is isolated; the
 * others are committed. Each message ends as written, rejected, held or still pending, and so says what may be acked.
 * Used by one thread.
 */
final class GroupWriter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
    /** So many are rejected before the collection is given up, if none is written and nothing tells who is at fault. */
    private static final int ENOUGH_REJECTED = 32;
    /** So many fail alone before the collection is given up, if none is written. */
    private static final int ENOUGH_FAILED_ALONE = 5;

    private static final int COLLISIONS = 6;
    private static final long SHORTEST_PAUSE_MILLIS = 20;
    private static final int SUSPICIONS = 3;
    /** Another row that is written later can mend these: a parent, or the one that holds a unique value. */
    private static final Set<String> DEPENDS_ON_OTHERS = Set.of("23503", "23505", "23P01", "P0001");

    /** Characters that no text can hold: the server has looked at the template before, and found none in it. */
    private static final Set<String> OF_THE_DATA = Set.of("22021", "22P05");

    private static final String LOCKED = "55P03";

    private final Table table;
    private final Judge judge;
    private final CollectionState state;
    private final References references;
    private final Group group;
    private final boolean holdSuspects;
    private final BooleanSupplier othersAreActive;
    private final Map<Message, Values> values = new HashMap<>();
    private final Deque<List<Message>> parts = new ArrayDeque<>();
    private final Map<Message, Integer> rejectedAfter = new HashMap<>();
    private int written;
    private final Map<Message, WriteException> failedAlone = new HashMap<>();
    private int collisions;
    /** Whether it has taken one of this group; a deletion, or what the ledger keeps out, tells nothing about it. */
    private boolean tableTakesSome;

    private boolean tableIsSound;
    private final Set<Message> doubted = new HashSet<>();
    private boolean lateForAll;
    private boolean paused;

    /**
     * A group and all that its writing needs.
     *
     * @param holdSuspects    whether a record that times out again and again stays unacked, rather than a dead letter
     * @param othersAreActive whether other collections need the worker as well
     */
    GroupWriter(
            UpsertSink sink,
            CollectionState state,
            Group group,
            boolean holdSuspects,
            BooleanSupplier othersAreActive) {
        this.table = sink.table();
        this.judge = sink.judge();
        this.references = sink.references();
        this.state = state;
        this.group = group;
        this.holdSuspects = holdSuspects;
        this.othersAreActive = othersAreActive;
    }

    /**
     * Writes what is pending.
     *
     * @throws DatabaseAwayException if the database does not answer: what is still pending is left so
     * @throws LeaseExpiredException if nothing could be written because it is too late
     */
    void write() {
        List<Message> suspects = new ArrayList<>();
        List<Message> others = new ArrayList<>();
        for (Message record : Group.newest(withVersions())) {
            (state.suspects().has(record) ? suspects : others).add(record);
        }
        split(others);
        writeParts();
        retryDependent(group.rejected());
        suspects.forEach(record -> parts.add(List.of(record)));
        writeParts();
        if (!tableTakesSome) {
            settleBlame();
        }
        if (!paused && state.resume()) {
            LOG.info("Collection {} goes on.", state.name());
        }
        if (lateForAll && written == 0 && !group.pending().isEmpty()) {
            throw new LeaseExpiredException("The lease of a batch is nearly over, so its messages for " + state.name()
                    + " were given up rather than written late");
        }
    }

    /** Tries again what another row that has been written since may have mended. */
    void retry() {
        written = 1;
        List<Message> rejected = group.rejected();
        rejected.forEach(message -> rejectedAfter.put(message, 0));
        retryDependent(rejected);
    }

    /** Rejects those without the version that they need: alone they would not be written, nor superseded. */
    private List<Message> withVersions() {
        for (Message message : group.pending()) {
            try {
                table.checkVersion(message);
            } catch (MalformedRecordException e) {
                reject(message, e);
            }
        }
        return group.pending();
    }

    private void split(List<Message> records) {
        int limit = state.limit();
        for (int from = 0; from < records.size(); from += limit) {
            parts.add(records.subList(from, Math.min(records.size(), from + limit)));
        }
    }

    private void writeParts() {
        while (!parts.isEmpty()) {
            List<Message> part = parts.pop();
            long longest = group.lease().writeMillisLeft();
            if (longest < group.lease().millis() / 20) {
                lateForAll = true;
                return; // left pending: given back, and written sooner next time
            }
            if (!state.mayTakeTime(othersAreActive.getAsBoolean())) {
                part.forEach(this::holdForNow);
                continue;
            }
            boolean isSuspect = part.size() == 1 && state.suspects().has(part.get(0));
            if (isSuspect && !state.suspects().mayTry(part.get(0))) {
                hold(part.get(0));
                continue;
            }
            write(part, isSuspect ? longest : state.timeoutMillis(part.size(), longest));
        }
    }

    private void write(List<Message> part, long timeoutMillis) {
        long begin = System.nanoTime();
        try {
            read(part);
            List<Message> upserted = table.write(part, values, timeoutMillis);
            long nanos = System.nanoTime() - begin;
            part.forEach(this::written);
            written += part.size();
            collisions = 0;
            state.wrote(part.size(), nanos);
            if (!upserted.isEmpty()) {
                tableTakesSome = true;
                references.remember(upserted.get(0));
            }
        } catch (WriteException e) {
            RecordFaultException own = e.getCause() instanceof RecordFaultException r ? r : null;
            if (own != null) {
                isolate(own, part);
            } else {
                failed(e, part, System.nanoTime() - begin);
            }
        }
    }

    /**
     * Reads the values before it is allowed to write: PostgreSQL need not wait for that. What cannot be read is left: the
     * ledger may know a newer version, and then it need not be.
     */
    private void read(List<Message> part) {
        for (Message record : part) {
            if (!values.containsKey(record)) {
                try {
                    Values read = table.read(record);
                    if (read != null) {
                        values.put(record, read);
                    }
                } catch (RecordFaultException e) {
                    LOG.debug("A record that cannot be read ahead", e);
                }
            }
        }
    }

    /** It is known which record is at fault: the others need not be halved. */
    private void isolate(RecordFaultException failure, List<Message> part) {
        reject(failure.message(), (SQLException) failure.getCause());
        List<Message> others = new ArrayList<>(part);
        others.remove(failure.message());
        if (!others.isEmpty()) {
            parts.push(others);
        }
        pushOlder(failure.message());
    }

    private void failed(WriteException failure, List<Message> part, long nanos) {
        if (isCollision(failure) && ++collisions <= COLLISIONS) {
            // at random, lest those who have met meet again
            long longest = SHORTEST_PAUSE_MILLIS << collisions;
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(longest)));
            parts.push(part);
            return;
        }
        switch (judge.judge(failure, table)) {
            case DATABASE -> throw new DatabaseAwayException(failure.getCause());
            case COLLECTION -> giveUp(failure, part);
            case RECORD -> {
                if (part.size() > 1) {
                    halve(part);
                } else {
                    rejected(part.get(0), failure);
                }
            }
            case SIZE -> {
                state.failed(part.size(), nanos);
                if (part.size() > 1) {
                    halve(part);
                } else {
                    failedAlone(part.get(0), failure);
                }
            }
        }
    }

    private static boolean isCollision(WriteException failure) {
        String sqlState = Failures.sqlState(failure);
        return "40001".equals(sqlState) || "40P01".equals(sqlState);
    }

    private void halve(List<Message> part) {
        int middle = part.size() / 2;
        parts.push(part.subList(middle, part.size()));
        parts.push(part.subList(0, middle));
    }

    /** A lone record that PostgreSQL has rejected; unless it rejects any. */
    private void rejected(Message record, WriteException failure) {
        if (!isOfTheValue(failure) && doubted.add(record)) {
            Answer takesKnown = takesKnown();
            if (takesKnown == Answer.NO) {
                giveUp(failure, List.of(record));
                return;
            }
            if (takesKnown == Answer.YES) {
                // the table may have been closed to all until a moment ago
                parts.push(List.of(record));
                return;
            }
        }
        if (!tableTakesSome && !tableIsSound) {
            WriteException problem = judge.problemOfTemplates(table);
            Answer takesKnown = problem == null ? takesKnown() : Answer.NO;
            if (takesKnown == Answer.NO) {
                giveUp(problem == null ? failure : problem, List.of(record));
                return;
            }
            tableIsSound = record.isKept()
                    || takesKnown == Answer.YES
                    || OF_THE_DATA.contains(String.valueOf(Failures.sqlState(failure)))
                    || judge.takes(table, record, true) == Answer.YES;
        }
        reject(record, failure);
        rejectedAfter.put(record, written);
        pushOlder(record);
        if (!tableTakesSome && !tableIsSound && rejectedAfter.size() >= ENOUGH_REJECTED) {
            parts.clear();
        }
    }

    /** Whether a value could not be read as its type is: that is seldom for the table, and need not be asked twice. */
    private static boolean isOfTheValue(WriteException failure) {
        return String.valueOf(Failures.sqlState(failure)).startsWith("22");
    }

    /** Whether the table takes a record that it has taken before. */
    private Answer takesKnown() {
        Message known = references.any();
        return known == null ? Answer.UNKNOWN : judge.takes(table, known, false);
    }

    /** Nothing was written, and nothing has told that it is for the records: then it may be for the collection. */
    private void settleBlame() {
        failedAlone.values().stream().findFirst().ifPresent(failure -> giveUp(failure, List.of()));
        if (!tableIsSound) {
            rejectedAfter.keySet().stream()
                    .filter(message -> message.rejection() != null)
                    .findFirst()
                    .ifPresent(message -> pause(
                            "no record is accepted: " + message.rejection().error(), false));
        }
    }

    /** A lone record that failed in a way that does not say whose fault it is. */
    private void failedAlone(Message record, WriteException failure) {
        if (isCollision(failure)) {
            failedAlone.put(record, failure);
            holdForNow(record);
            return;
        }
        int times = state.suspects().failed(record);
        hold(record);
        // does the table take others, now? If not, it may well be the table
        if (!tableTakesSome && takesKnown() != Answer.YES) {
            failedAlone.put(record, failure);
            if (failedAlone.size() >= ENOUGH_FAILED_ALONE) {
                giveUp(failure, List.of());
            }
        } else if (times >= SUSPICIONS && !LOCKED.equals(Failures.sqlState(failure)) && !holdSuspects) {
            state.suspects().settled(record);
            reject(record, failure);
            pushOlder(record);
        }
    }

    /** The collection waits: nothing more of it is tried for now. */
    private void giveUp(WriteException failure, List<Message> part) {
        failedAlone.keySet().forEach(record -> {
            state.suspects().settled(record);
            state.keep(List.of(record));
        });
        failedAlone.clear();
        part.forEach(this::holdForNow);
        parts.clear();
        pause(Failures.describe(failure), judge.isPassing(failure));
    }

    private void pause(String error, boolean isPassing) {
        rejectedAfter.keySet().forEach(Message::retry);
        rejectedAfter.clear();
        group.hold();
        paused = true;
        if (state.pause(error, isPassing)) {
            LOG.error(
                    "Collection {} is paused, and tried again from time to time; the others go on: {}",
                    state.name(),
                    error);
        }
    }

    /** Tries rejected records again, as long as rows are written that may have mended them. */
    private void retryDependent(List<Message> rejected) {
        List<Message> left = new ArrayList<>(rejected);
        int before;
        do {
            before = written;
            left.removeIf(
                    message -> !dependsOnOthers(message) || rejectedAfter.getOrDefault(message, written) >= written);
            for (Message message : left) {
                Rejection rejection = message.rejection();
                message.retry();
                rejectedAfter.put(message, written);
                try {
                    table.write(
                            List.of(message),
                            values,
                            state.timeoutMillis(1, group.lease().writeMillisLeft()));
                    written(message);
                    written++;
                } catch (WriteException e) {
                    message.reject(rejection);
                }
            }
            left.removeIf(message -> message.rejection() == null);
        } while (written > before);
    }

    static boolean dependsOnOthers(Message message) {
        return message.rejection() != null
                && message.rejection().sqlState() != null
                && DEPENDS_ON_OTHERS.contains(message.rejection().sqlState());
    }

    private void reject(Message message, Exception failure) {
        SQLException cause = Failures.sqlCause(failure);
        String reason = cause instanceof MalformedRecordException ? "malformed" : "rejected";
        message.reject(new Rejection(reason, Failures.sqlState(failure), Failures.describe(failure)));
    }

    /** An older version of a record that cannot be written may still be good. */
    private void pushOlder(Message record) {
        if (record.older() != null) {
            parts.push(List.of(record.older()));
        }
    }

    private void written(Message record) {
        record.written();
        state.suspects().settled(record);
    }

    /** Leaves a record unacked until its collection may be tried again. */
    private void holdForNow(Message newest) {
        for (Message message = newest; message != null; message = message.older()) {
            if (message.hold()) {
                state.keep(List.of(message));
            }
        }
    }

    /** Leaves a record unacked until its lease is over. */
    private static void hold(Message newest) {
        for (Message message = newest; message != null; message = message.older()) {
            message.hold();
        }
    }
}
