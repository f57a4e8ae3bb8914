package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.DatabaseAwayException;
import io.github.sequinroutes.failure.LeaseExpiredException;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one group into its table, once: decides in which parts, and in which order. Each message ends as written,
 * rejected, left unacked or still pending, and so says what may be acked. Used by one thread.
 */
final class GroupWriter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

    private final Table table;
    private final CollectionState state;
    private final Group group;
    private final Parts parts = new Parts();
    private final WriteTime time;
    private final Blame blame;
    private final PartWriter writer;

    /**
     * A group and all that its writing needs.
     *
     * @param leaveSuspectsUnacked    whether a record that times out again and again stays unacked, rather than a dead letter
     * @param othersAreActive whether other collections need the worker as well
     */
    GroupWriter(
            UpsertSink sink,
            CollectionState state,
            Group group,
            boolean leaveSuspectsUnacked,
            boolean othersAreActive) {
        table = sink.table();
        this.state = state;
        this.group = group;
        time = new WriteTime(state, group.lease(), othersAreActive);
        blame = new Blame(sink, state, group, parts, time, leaveSuspectsUnacked);
        writer = new PartWriter(sink, state, parts, time, blame);
    }

    /**
     * Writes what is pending.
     *
     * @throws DatabaseAwayException if the database does not answer: what is still pending is left so
     * @throws LeaseExpiredException if nothing could be written because it is too late
     */
    void write() {
        lookUpKey();
        List<Message> changes = withVersions();
        Departures departures = Departures.of(changes, table);
        writer.alsoDelete(departures);
        try {
            write(Group.rounds(departures.with(changes)));
        } finally {
            state.keep(departures.settle());
        }
    }

    private void lookUpKey() {
        try {
            table.lookUpKey(time.millis(1));
        } catch (WriteException e) {
            LOG.debug("The columns of the key are not known yet; the write will meet the same failure", e);
        }
    }

    private void write(List<List<Message>> rounds) {
        List<Message> suspects = new ArrayList<>();
        List<Message> others = new ArrayList<>();
        for (Message record : rounds.get(0)) {
            (state.suspects().has(record) ? suspects : others).add(record);
        }
        // the attempt that decides must have all the time that there is
        List<Message> first =
                suspects.stream().filter(state.suspects()::isLast).limit(1).toList();
        suspects.removeAll(first);
        parts.add(first, 1);
        addOthers(others);
        writer.write();
        blame.retryRejected(writer.written(), writer::writeAgain);
        parts.add(suspects, 1);
        writer.write();
        rounds.stream().skip(1).forEach(this::writeNext);
        blame.settle(writer.wasLate());
        if (writer.wasLate()
                && writer.written() == 0
                && group.rejected().isEmpty()
                && !group.pending().isEmpty()) {
            throw new LeaseExpiredException("The lease of a batch is nearly over, so its messages for " + state.name()
                    + " were given up rather than written late");
        }
    }

    /** Versions that need what older ones have written. */
    private void writeNext(List<Message> round) {
        if (!blame.isPaused()) {
            parts.add(round, 1);
            writer.write();
        }
    }

    /** A paused collection is tried with a random sample of its records: the first may all be bad. */
    private void addOthers(List<Message> others) {
        if (state.problem() != null && others.size() > CollectionState.SAMPLE) {
            List<Message> sample = new ArrayList<>(others);
            Collections.shuffle(sample, ThreadLocalRandom.current());
            Set<Message> chosen = new HashSet<>(sample.subList(0, CollectionState.SAMPLE));
            parts.add(others.stream().filter(chosen::contains).toList(), CollectionState.SAMPLE);
            parts.add(others.stream().filter(record -> !chosen.contains(record)).toList(), state.limit());
        } else {
            parts.add(others, state.limit());
        }
    }

    /** Retries records that another row, written since, may have fixed. */
    void retry() {
        writer.alsoDelete(Departures.of(group.rejected(), table));
        blame.retryAllRejected(writer::writeAgain);
    }

    /** Rejects those without the version that they need: alone they would not be written, nor superseded. */
    private List<Message> withVersions() {
        for (Message message : group.pending()) {
            try {
                table.templates().checkVersion(message);
                table.templates().identify(message);
            } catch (MalformedRecordException e) {
                Blame.reject(message, e);
            }
        }
        return group.pending();
    }
}
