package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Rejection;
import io.github.sequinroutes.write.Evidence.Finding;
import io.github.sequinroutes.write.Evidence.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Decides what becomes of the records of a group that failed alone: each is rejected, retried or left unacked, or the
 * collection is at fault and is paused. Used by one thread.
 */
final class Blame {
    /** After this many rejections the collection is paused, if no record is written and nothing tells who is at fault. */
    private static final int MAX_REJECTED = 32;

    private static final double ALL_BUT = 0.9;

    private final Table table;
    private final String template;
    private final FailureClassifier classifier;
    private final Evidence evidence;
    private final CollectionState state;
    private final Group group;
    private final Parts parts;
    private final WriteTime time;
    private final boolean leaveSuspectsUnacked;
    private final Rejected rejected = new Rejected();
    private final Map<Message, WriteException> failedAlone = new HashMap<>();
    private String lastRejection;
    private boolean paused;

    /**
     * Of a group of which nothing has failed yet.
     *
     * @param parts        what is still to be written of it: what is to be tried again is put there
     * @param leaveSuspectsUnacked whether a record that times out again and again stays unacked, rather than a dead letter
     */
    Blame(
            UpsertSink sink,
            CollectionState state,
            Group group,
            Parts parts,
            WriteTime time,
            boolean leaveSuspectsUnacked) {
        table = sink.table();
        template = table.templates().upsert().template().file();
        this.classifier = sink.classifier();
        this.evidence = new Evidence(sink);
        this.state = state;
        this.group = group;
        this.parts = parts;
        this.time = time;
        this.leaveSuspectsUnacked = leaveSuspectsUnacked;
    }

    /**
     * A record that failed alone.
     *
     * @param writtenBefore how many of the group had been written by then
     * @param wasOpen       whether one was since
     * @param nanos         how long it took
     */
    record Alone(Message record, WriteException failure, int writtenBefore, boolean wasOpen, long nanos) {}

    /** Notes that records are being written: earlier probes say nothing about these. */
    void writing() {
        evidence.writing();
    }

    /** Notes that the table has taken a record. */
    void taken(Message record) {
        evidence.taken(record);
        state.taken();
        tryAgainIfOpen();
    }

    /** What a failure is the fault of. */
    FailureClassifier.Scope classify(WriteException failure) {
        return classifier.classify(failure, evidence::canBePlanned);
    }

    /** Whether the collection has been paused. */
    boolean isPaused() {
        return paused;
    }

    /** What was rejected while the table was closed to all may be good. */
    private void tryAgainIfOpen() {
        if (evidence.isOpenAgain()) {
            parts.again(rejected.takeBackOnce());
        }
    }

    /** Lone records that PostgreSQL has rejected; unless it rejects any. */
    void rejected(List<Alone> all) {
        List<Message> again = new ArrayList<>();
        for (Alone alone : all) {
            Message record = alone.record;
            Finding finding = findingOf(alone);
            switch (finding.verdict()) {
                case AGAIN -> again.add(record);
                case LATER -> record.leaveVersionsUnacked();
                case COLLECTION -> {
                    giveUp(finding.failure(), List.of(record));
                    return;
                }
                case RECORD -> {
                    reject(record, alone.failure, table.templates().placeOf(record, alone.failure));
                    lastRejection = Failures.describe(alone.failure);
                    rejected.add(record, alone.writtenBefore);
                    parts.olderOf(record);
                }
            }
        }
        parts.again(again);
        tryAgainIfOpen();
    }

    private Finding findingOf(Alone alone) {
        if (classify(alone.failure) != FailureClassifier.Scope.RECORD) {
            return new Finding(Verdict.COLLECTION, alone.failure);
        }
        // more probes would not tell more
        return evidence.isOpen() && rejected.size() >= MAX_REJECTED
                ? new Finding(Verdict.RECORD, alone.failure)
                : evidence.weigh(alone.record, alone.failure, alone.wasOpen);
    }

    /** A lone record that failed in a way that does not say whose fault it is, and how long that took. */
    void failedAlone(Message record, WriteException failure, long nanos) {
        boolean isLast = state.suspects().isLast(record);
        double share = FailureClassifier.isTimeOut(failure) ? time.shareOfLongest(nanos) : 1;
        if (FailureClassifier.isCausedByOthers(failure)) {
            state.suspects().failedBecauseOfOthers(record);
        } else {
            state.suspects().failed(record, share);
        }
        record.leaveVersionsUnacked();
        // does the table take others, now? If not, it may well be the table
        if (!evidence.tableTakesOthers(record, failure, nanos)) {
            failedAlone.put(record, failure);
            if (failedAlone.size() >= Isolation.ENOUGH) {
                giveUp(failure, List.of());
            }
        } else if (isLast && share > ALL_BUT && !FailureClassifier.isCausedByOthers(failure) && !leaveSuspectsUnacked) {
            state.suspects().settled(record);
            reject(record, failure);
            parts.olderOf(record);
        }
    }

    /**
     * Retries rejected records that another row, written since, may have fixed.
     *
     * @param written how many of the group have been written
     * @param write   writes one
     */
    void retryRejected(int written, Function<Message, Rejected.Outcome> write) {
        rejected.retry(group.rejected(), written, write);
    }

    /** The same for records that were rejected when the group was written, and that other groups may have fixed since. */
    void retryAllRejected(Function<Message, Rejected.Outcome> write) {
        group.rejected().forEach(message -> rejected.add(message, 0));
        retryRejected(1, write);
    }

    /**
     * Everything has been tried. If the table has taken nothing, the collection may be at fault.
     *
     * @param someAreUntried whether there was no time for all
     */
    void settle(boolean someAreUntried) {
        if (evidence.tableTakesSome()) {
            return;
        }
        failedAlone.values().stream().findFirst().ifPresent(failure -> giveUp(failure, List.of()));
        // while it seems sound, a few may be bad; if nothing new is accepted any more, it is not for them
        if (!evidence.isOpen()) {
            return;
        }
        boolean few = state.rejectedInARow(rejected.size()) < MAX_REJECTED;
        if (!few || !evidence.tableSeemsSound()) {
            rejected.any().ifPresent(any -> pause(template + ":1:1: no record is accepted: " + lastRejection, false));
        } else if (someAreUntried) {
            rejected.takeBack().forEach(Message::leaveVersionsUnacked); // those that could not be tried may tell more
        }
    }

    /** Pauses the collection: nothing more of it is tried for now. */
    void giveUp(WriteException failure, List<Message> part) {
        failedAlone.keySet().forEach(record -> {
            state.suspects().settled(record);
            state.keep(List.of(record));
        });
        failedAlone.clear();
        part.forEach(record -> state.keep(record.leaveVersionsUnacked()));
        parts.clear();
        String remedy = Failures.remedy(failure) + table.missingGrants(failure);
        pause(Failures.describe(failure) + remedy, classifier.isTransient(failure));
    }

    private void pause(String error, boolean isTransient) {
        rejected.takeBack();
        state.keep(group.leaveUnacked());
        paused = true;
        state.pause(error, isTransient);
    }

    /** Rejects a message for its content. */
    static void reject(Message message, Exception failure) {
        reject(message, failure, null);
    }

    /** The same, for a value at that place of a template, if it is not null. */
    static void reject(Message message, Exception failure, String place) {
        SQLException cause = Failures.sqlCause(failure);
        String reason = cause instanceof MalformedRecordException ? "malformed" : "rejected";
        String error = (place == null ? "" : place + ": ") + Failures.describeInFull(failure);
        message.reject(new Rejection(reason, Failures.sqlState(failure), error));
    }
}
