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
import io.github.sequinroutes.write.Evidence.Finding;
import io.github.sequinroutes.write.Evidence.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

    private static final int COLLISIONS = 6;
    private static final long SHORTEST_PAUSE_MILLIS = 20;
    private static final int SUSPICIONS = 3;
    private static final String LOCKED = "55P03";

    private final Table table;
    private final Judge judge;
    private final CollectionState state;
    private final Evidence evidence;
    private final Group group;
    private final boolean holdSuspects;
    private final boolean othersAreActive;
    private final Map<Message, Values> values = new HashMap<>();
    private final Parts parts = new Parts();
    private final Rejected rejected = new Rejected();
    private final Map<Message, WriteException> failedAlone = new HashMap<>();
    private int written;
    private int collisions;
    private boolean lateForAll;
    private boolean paused;

    /**
     * A group and all that its writing needs.
     *
     * @param holdSuspects    whether a record that times out again and again stays unacked, rather than a dead letter
     * @param othersAreActive whether other collections need the worker as well
     */
    GroupWriter(UpsertSink sink, CollectionState state, Group group, boolean holdSuspects, boolean othersAreActive) {
        this.table = sink.table();
        this.judge = sink.judge();
        this.evidence = new Evidence(sink);
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
        parts.add(others, state.limit());
        writeParts();
        rejected.retry(group.rejected(), written, this::writeAgain);
        parts.add(suspects, 1);
        writeParts();
        if (!evidence.tableTakesSome()) {
            settleBlame();
        }
        if (!paused && state.resume()) {
            LOG.info("Collection {} goes on.", state.name());
        }
        if (lateForAll
                && written == 0
                && group.rejected().isEmpty()
                && !group.pending().isEmpty()) {
            throw new LeaseExpiredException("The lease of a batch is nearly over, so its messages for " + state.name()
                    + " were given up rather than written late");
        }
    }

    /** Tries again what another row that has been written since may have mended. */
    void retry() {
        List<Message> messages = group.rejected();
        messages.forEach(message -> rejected.add(message, 0));
        rejected.retry(messages, 1, this::writeAgain);
    }

    /** Writes one record alone, if there is time. */
    private Rejected.Outcome writeAgain(Message record) {
        if (isLate()) {
            return Rejected.Outcome.UNKNOWN;
        }
        if (!state.mayTakeTime(othersAreActive)) {
            holdForNow(record);
            return Rejected.Outcome.UNKNOWN;
        }
        long begin = System.nanoTime();
        try {
            table.write(
                    List.of(record),
                    values,
                    state.timeoutMillis(1, group.lease().writeMillisLeft()));
            written(record);
            written++;
            return Rejected.Outcome.ACCEPTED;
        } catch (WriteException e) {
            return judge.isOfRecord(e) ? Rejected.Outcome.REJECTED : Rejected.Outcome.UNKNOWN;
        } finally {
            charge(begin);
        }
    }

    /** What nobody else would have had is not charged. */
    private void charge(long begin) {
        if (othersAreActive) {
            state.charge(System.nanoTime() - begin);
        }
    }

    private boolean isLate() {
        return group.lease().writeMillisLeft() < group.lease().millis() / 20;
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

    private void writeParts() {
        while (!parts.isEmpty()) {
            // of a record that has been written meanwhile the older versions are superseded
            List<Message> part =
                    parts.next().stream().filter(Message::isPending).toList();
            if (part.isEmpty()) {
                continue;
            }
            if (isLate()) {
                lateForAll = true;
                return; // left pending: given back, and written sooner next time
            }
            long longest = group.lease().writeMillisLeft();
            if (!state.mayTakeTime(othersAreActive)) {
                part.forEach(this::holdForNow);
                continue;
            }
            boolean isSuspect = part.size() == 1 && state.suspects().has(part.get(0));
            if (isSuspect && (!state.suspects().mayTry(part.get(0)) || !state.mayTakeLong(othersAreActive))) {
                hold(part.get(0));
                continue;
            }
            write(part, isSuspect ? longest : state.timeoutMillis(part.size(), longest));
        }
    }

    private void write(List<Message> part, long timeoutMillis) {
        long begin = System.nanoTime();
        evidence.writing();
        try {
            read(part);
            List<Message> upserted = table.write(part, values, timeoutMillis);
            state.wrote(part.size(), System.nanoTime() - begin);
            written(part, upserted);
        } catch (WriteException e) {
            RecordFaultException own = e.getCause() instanceof RecordFaultException r ? r : null;
            if (own != null) {
                isolate(own, part);
            } else {
                failed(e, part);
                charge(begin);
            }
        }
    }

    private void written(List<Message> some, List<Message> upserted) {
        some.forEach(this::written);
        written += some.size();
        collisions = 0;
        if (!upserted.isEmpty()) {
            evidence.taken(upserted.get(0));
            state.taken();
            tryAgainIfOpen();
        }
    }

    /** What was rejected while the table was closed to all may be good. */
    private void tryAgainIfOpen() {
        if (evidence.isOpenAgain()) {
            parts.again(rejected.takeBackOnce());
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
        parts.again(others);
        parts.olderOf(failure.message());
    }

    private void failed(WriteException failure, List<Message> part) {
        if (isCollision(failure) && ++collisions <= COLLISIONS) {
            // at random, lest those who have met meet again
            long longest = SHORTEST_PAUSE_MILLIS << collisions;
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(longest)));
            parts.again(part);
            return;
        }
        switch (judge.judge(failure, evidence::canBePlanned)) {
            case DATABASE -> throw new DatabaseAwayException(failure.getCause());
            case COLLECTION -> giveUp(failure, part);
            case RECORD -> {
                if (part.size() > 1) {
                    isolate(part, false);
                } else {
                    rejected(List.of(new Alone(part.get(0), failure, written, false)));
                }
            }
            case SIZE -> {
                state.failed(part.size());
                if (part.size() == 1) {
                    failedAlone(part.get(0), failure);
                } else if (Judge.isTimeOut(failure)) {
                    isolate(part, true);
                } else {
                    parts.halve(part);
                }
            }
        }
    }

    /** Whether it failed for what another transaction does. */
    private static boolean isForOthers(WriteException failure) {
        return isCollision(failure) || LOCKED.equals(Failures.sqlState(failure));
    }

    private static boolean isCollision(WriteException failure) {
        String sqlState = Failures.sqlState(failure);
        return "40001".equals(sqlState) || "40P01".equals(sqlState);
    }

    /** A record that failed alone, how many of the group had been written by then, and whether one was since. */
    private record Alone(Message record, WriteException failure, int writtenBefore, boolean wasOpen) {}

    /** Writes a part of which records fail: in one transaction, or by halves if more than that is wrong. */
    private void isolate(List<Message> part, boolean oneByOne) {
        long longest = group.lease().writeMillisLeft();
        try {
            Table.Isolated isolated = table.isolate(
                    part, values, oneByOne, state.timeoutMillis(part.size(), longest), new Bounds(longest));
            int all = isolated.written().size();
            int before = written;
            parts.again(isolated.untried(), state.limit());
            written(isolated.written(), isolated.upserted());
            List<Alone> failed = isolated.rejected().stream()
                    .map(each -> new Alone(
                            each.record(),
                            new WriteException(WriteException.Step.EXECUTE, each.failure()),
                            before + each.executedBefore(),
                            each.executedBefore() < all && !isolated.upserted().isEmpty()))
                    .toList();
            rejected(failed.stream()
                    .filter(alone -> !Judge.isTimeOut(alone.failure))
                    .toList());
            failed.stream()
                    .filter(alone -> Judge.isTimeOut(alone.failure) && !paused)
                    .forEach(alone -> failedAlone(alone.record, alone.failure));
        } catch (WriteException e) {
            LOG.debug("The records at fault cannot be told in one transaction", e);
            parts.halve(part);
        }
    }

    /** What the budget and the lease allow. */
    private final class Bounds implements Isolation.Rules {
        private final long until;

        Bounds(long longestMillis) {
            until = System.nanoTime()
                    + Math.min(TimeUnit.MILLISECONDS.toNanos(longestMillis), state.nanosLeft(othersAreActive));
        }

        @Override
        public long timeoutMillis(int records) {
            return state.timeoutMillis(records, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
        }

        @Override
        public void executed(int records, long nanos) {
            state.executed(records, nanos);
        }

        @Override
        public Isolation.Reaction failed(int records, SQLException failure) {
            if (Judge.isTimeOut(failure)) {
                state.failed(records);
                return Isolation.Reaction.ONE_BY_ONE;
            }
            return judge.isAnswer(failure) ? Isolation.Reaction.HALVE : Isolation.Reaction.END;
        }
    }

    /** Lone records that PostgreSQL has rejected; unless it rejects any. */
    private void rejected(List<Alone> all) {
        List<Message> again = new ArrayList<>();
        for (Alone alone : all) {
            Message record = alone.record;
            Finding finding = findingOf(alone);
            switch (finding.verdict()) {
                case AGAIN -> again.add(record);
                case LATER -> hold(record);
                case COLLECTION -> {
                    giveUp(finding.failure(), List.of(record));
                    return;
                }
                case RECORD -> {
                    reject(record, alone.failure);
                    rejected.add(record, alone.writtenBefore);
                    parts.olderOf(record);
                }
            }
        }
        parts.again(again);
        tryAgainIfOpen();
    }

    private Finding findingOf(Alone alone) {
        if (judge.judge(alone.failure, evidence::canBePlanned) != Judge.Fault.RECORD) {
            return new Finding(Verdict.COLLECTION, alone.failure);
        }
        // of so many it is known what can be known
        return evidence.isOpen() && rejected.size() >= ENOUGH_REJECTED
                ? new Finding(Verdict.RECORD, alone.failure)
                : evidence.weigh(alone.record, alone.failure, alone.wasOpen);
    }

    /** Nothing was written, and nothing has told that it is for the records: then it may be for the collection. */
    private void settleBlame() {
        failedAlone.values().stream().findFirst().ifPresent(failure -> giveUp(failure, List.of()));
        // while it seems sound, a few may be bad; if nothing new is accepted any more, it is not for them
        if (!evidence.isOpen()) {
            return;
        }
        boolean few = state.rejectedInARow(rejected.size()) < ENOUGH_REJECTED;
        if (!few || !evidence.tableSeemsSound()) {
            rejected.any().ifPresent(rejection -> pause("no record is accepted: " + rejection.error(), false));
        } else if (lateForAll) {
            rejected.takeBack().forEach(GroupWriter::hold); // those that could not be tried may tell more
        }
    }

    /** A lone record that failed in a way that does not say whose fault it is. */
    private void failedAlone(Message record, WriteException failure) {
        int times = state.suspects().failed(record);
        hold(record);
        // does the table take others, now? If not, it may well be the table
        if (!evidence.tableTakesOthers(failure)) {
            failedAlone.put(record, failure);
            if (failedAlone.size() >= Isolation.ENOUGH) {
                giveUp(failure, List.of());
            }
        } else if (times >= SUSPICIONS && !isForOthers(failure) && !holdSuspects) {
            state.suspects().settled(record);
            reject(record, failure);
            parts.olderOf(record);
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
        rejected.takeBack();
        group.hold();
        paused = true;
        if (state.pause(error, isPassing)) {
            LOG.error(
                    "Collection {} is paused, and tried again from time to time; the others go on: {}",
                    state.name(),
                    error);
        }
    }

    private void reject(Message message, Exception failure) {
        SQLException cause = Failures.sqlCause(failure);
        String reason = cause instanceof MalformedRecordException ? "malformed" : "rejected";
        message.reject(new Rejection(reason, Failures.sqlState(failure), Failures.describe(failure)));
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
