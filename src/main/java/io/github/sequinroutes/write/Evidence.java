package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateProbe.Variant;
import io.github.sequinroutes.write.FailureClassifier.ProbeResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the writing of a group has shown of who is at fault for a record that is rejected alone: the record, or a table
 * that takes none. Used by one thread.
 */
final class Evidence {
    /** Characters that no string can hold: they are in the record, since the server has parsed the template. */
    private static final Set<String> OF_THE_DATA = Set.of("22021", "22P05");

    private final Table table;
    private final FailureClassifier classifier;
    private final References references;
    private final Set<Message> doubted = new HashSet<>();
    private final Set<Message> silent = new HashSet<>();
    /** Why records that were taken before are refused now, if so: the probes since the last write. */
    private final Map<Message, Optional<WriteException>> refusals = new HashMap<>();
    /** The same with another ID, as if they were new. */
    private final Map<Message, Optional<WriteException>> refusalsAnew = new HashMap<>();
    /** Why the templates cannot be planned, if so; null if not probed since the last write. */
    private Optional<WriteException> problemOfTemplates;

    /** Whether it has taken one of this group; a deletion, or what the ledger keeps out, tells nothing about it. */
    private boolean tableTakesSome;

    private boolean tableIsSound;
    private boolean tableSeemsSound;
    private boolean tableSeemedClosed;
    /** Whether it took nothing made of its own rows since the last write: to ask again would only take time. */
    private boolean takesNoStandIn;

    /** What a rejection means. */
    enum Verdict {
        /** The record is at fault, as far as is known. */
        RECORD,
        /** The table may have been closed to all until a moment ago: the record is to be tried once more. */
        AGAIN,
        /** No probe gave a result, for example because all known rows are locked: the record is to come again. */
        LATER,
        /** The table takes no record. */
        COLLECTION
    }

    /** A verdict, and the failure that says best what is wrong. */
    record Finding(Verdict verdict, WriteException failure) {}

    Evidence(UpsertSink sink) {
        table = sink.table();
        classifier = sink.classifier();
        references = sink.references();
    }

    /** Notes that records are being written: earlier probes say nothing about these. */
    void writing() {
        refusals.clear();
        refusalsAnew.clear();
        problemOfTemplates = null;
        tableIsSound = false;
        takesNoStandIn = false;
    }

    /** Whether the server can plan the templates. */
    boolean canBePlanned() {
        return problemOfTemplates().isEmpty();
    }

    private Optional<WriteException> problemOfTemplates() {
        if (problemOfTemplates == null) {
            problemOfTemplates = Optional.ofNullable(classifier.problemOfTemplates(table));
        }
        return problemOfTemplates;
    }

    /** Notes that the table has taken a record by the upsert template. */
    void taken(Message record) {
        tableTakesSome = true;
        references.remember(record);
    }

    /** Whether the table has seemed closed to all, and does not any more: what it has rejected is to be tried once more. */
    boolean isOpenAgain() {
        boolean isOpenAgain = tableSeemedClosed && !isOpen();
        tableSeemedClosed &= !isOpenAgain;
        return isOpenAgain;
    }

    boolean tableTakesSome() {
        return tableTakesSome;
    }

    /** Whether nothing tells yet that the table takes any record. */
    boolean isOpen() {
        return !tableTakesSome && !tableIsSound;
    }

    /**
     * Whether it takes what it took before, or a record without its data. Neither is certain: the one is an update now, and
     * the template may give a column what is of another type in all data.
     */
    boolean tableSeemsSound() {
        return tableSeemsSound;
    }

    /**
     * Whether the table takes records now: one of this group, or one that it has taken before. If there is none, and a record
     * was slow by itself, what the table holds stands in for one.
     *
     * @param nanos how long that record took
     */
    boolean tableTakesOthers(Message record, WriteException failure, long nanos) {
        if (tableTakesSome || takesKnown(failure) == ProbeResult.ACCEPTED) {
            return true;
        }
        if (!FailureClassifier.isSlow(failure) || takesNoStandIn) {
            return false;
        }
        takesNoStandIn = !classifier.takesStandIn(table, record, nanos);
        return !takesNoStandIn;
    }

    /**
     * Finds out who is at fault for a lone record that PostgreSQL has rejected.
     *
     * @param wasOpen whether the table has taken another since
     */
    Finding weigh(Message record, WriteException failure, boolean wasOpen) {
        boolean isFirst = !isOfTheValue(failure) && doubted.add(record);
        if (!isOfTheValue(failure) && !wasOpen) {
            ProbeResult takesKnown = takesKnown(failure);
            if (takesKnown == ProbeResult.ACCEPTED && isFirst) {
                return new Finding(Verdict.AGAIN, failure);
            }
            // of another group it would tell less: its parent may be gone by now
            if (takesKnown == ProbeResult.SAME_FAILURE && tableTakesSome) {
                return new Finding(Verdict.COLLECTION, failure);
            }
            if (takesKnown == ProbeResult.UNKNOWN && tableTakesSome) {
                return new Finding(Verdict.LATER, failure);
            }
        }
        if (isOpen()) {
            Optional<WriteException> problem = problemOfTemplates();
            if (problem.isPresent()) {
                return new Finding(Verdict.COLLECTION, problem.get());
            }
            ProbeResult takesKnown = takesKnown(failure);
            boolean takesNoData = takesKnown != ProbeResult.SAME_FAILURE
                    && classifier.refusalOf(table, record, Variant.WITHOUT_DATA) == null;
            tableSeemsSound = takesKnown == ProbeResult.ACCEPTED || takesNoData;
            tableSeemedClosed |= !tableSeemsSound;
            tableIsSound = record.isReplayed()
                    || OF_THE_DATA.contains(String.valueOf(Failures.sqlState(failure)))
                    || (takesNoData && !isOfTheValue(failure));
        }
        // it may have been fixed since it rejected this one
        return new Finding(isFirst && !isOpen() ? Verdict.AGAIN : Verdict.RECORD, failure);
    }

    /** Whether a value could not be read as its type is: that is seldom the table's fault, and needs no second probe. */
    private static boolean isOfTheValue(WriteException failure) {
        return String.valueOf(Failures.sqlState(failure)).startsWith("22");
    }

    /** Probes whether the table takes a record that it has taken before; unknown if no probe gave a result. */
    private ProbeResult takesKnown(WriteException failure) {
        List<Message> all = references.all();
        for (Message known : all) {
            if (!silent.contains(known)) {
                ProbeResult result = probe(known, Variant.AS_IT_IS, refusals, failure);
                // in the same words as new ones it may refuse any update, or a key that is there
                if (result == ProbeResult.SAME_FAILURE
                        && probe(known, Variant.WITH_ANOTHER_ID, refusalsAnew, failure) == ProbeResult.ACCEPTED) {
                    return ProbeResult.ACCEPTED;
                }
                if (result != ProbeResult.UNKNOWN) {
                    return result;
                }
                silent.add(known); // its row may be locked: another probe would only take time
            }
        }
        return all.isEmpty() ? ProbeResult.OTHER_FAILURE : ProbeResult.UNKNOWN;
    }

    private ProbeResult probe(
            Message known, Variant variant, Map<Message, Optional<WriteException>> asked, WriteException failure) {
        Optional<WriteException> refusal =
                asked.computeIfAbsent(known, any -> Optional.ofNullable(classifier.refusalOf(table, known, variant)));
        return classifier.compare(refusal.orElse(null), failure);
    }
}
