package io.github.sequinroutes.write;

import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.read.Message;
import io.github.sequinroutes.write.Judge.Answer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has been found out, while a group is written, of who is at fault for records that are rejected alone: they
 * themselves, or a table that takes none. Used by one thread.
 */
final class Evidence {
    /** Characters that no text can hold: the server has looked at the template before, and found none in it. */
    private static final Set<String> OF_THE_DATA = Set.of("22021", "22P05");

    private final Table table;
    private final Judge judge;
    private final References references;
    private final Set<Message> doubted = new HashSet<>();
    private final Set<Message> silent = new HashSet<>();
    /** What has been answered since records were written last. */
    private final Map<String, Answer> answers = new HashMap<>();
    /** Whether it has taken one of this group; a deletion, or what the ledger keeps out, tells nothing about it. */
    private boolean tableTakesSome;

    private boolean tableIsSound;
    private boolean tableSeemsSound;
    private boolean tableSeemedClosed;

    /** What a rejection means. */
    enum Verdict {
        /** The record is at fault, as far as is known. */
        RECORD,
        /** The table may have been closed to all until a moment ago: the record is to be tried once more. */
        AGAIN,
        /** Nobody answers, as when all that could be asked about is locked: the record is to come again. */
        LATER,
        /** The table takes no record. */
        COLLECTION
    }

    /** A verdict, and the failure that says best what is wrong. */
    record Finding(Verdict verdict, WriteException failure) {}

    Evidence(UpsertSink sink) {
        table = sink.table();
        judge = sink.judge();
        references = sink.references();
    }

    /** Notes that records are written: what has been asked before says nothing of these. */
    void writing() {
        answers.clear();
    }

    /**
     * Notes that the table has taken a record by the upsert template. Returns whether it seemed closed to all until then:
     * what it has rejected meanwhile is to be tried once more.
     */
    boolean taken(Message record) {
        boolean isOpenAgain = !tableTakesSome && tableSeemedClosed;
        tableTakesSome = true;
        references.remember(record);
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

    /** Whether the table takes records now: one of this group, or one that it has taken before. */
    boolean tableTakesOthers(WriteException failure) {
        return tableTakesSome || takesKnown(failure) == Answer.YES;
    }

    /** Finds out who is at fault for a lone record that PostgreSQL has rejected. */
    Finding weigh(Message record, WriteException failure) {
        if (!isOfTheValue(failure) && doubted.add(record)) {
            Answer takesKnown = takesKnown(failure);
            if (takesKnown == Answer.YES) {
                return new Finding(Verdict.AGAIN, failure);
            }
            // of another group it would tell less: its parent may be gone by now
            if (takesKnown == Answer.NO && tableTakesSome) {
                return new Finding(Verdict.COLLECTION, failure);
            }
            if (takesKnown == Answer.UNKNOWN && tableTakesSome) {
                return new Finding(Verdict.LATER, failure);
            }
        }
        if (isOpen()) {
            WriteException problem = judge.problemOfTemplates(table);
            if (problem != null) {
                return new Finding(Verdict.COLLECTION, problem);
            }
            Answer takesKnown = takesKnown(failure);
            boolean tableTakesNoData = takesKnown != Answer.NO && judge.takesWithoutData(table, record) == Answer.YES;
            tableSeemsSound = takesKnown == Answer.YES || tableTakesNoData;
            tableSeemedClosed |= !tableSeemsSound;
            tableIsSound = record.isKept()
                    || OF_THE_DATA.contains(String.valueOf(Failures.sqlState(failure)))
                    || (tableTakesNoData && !isOfTheValue(failure));
        }
        return new Finding(Verdict.RECORD, failure);
    }

    /** Whether a value could not be read as its type is: that is seldom for the table, and need not be asked twice. */
    private static boolean isOfTheValue(WriteException failure) {
        return String.valueOf(Failures.sqlState(failure)).startsWith("22");
    }

    /** Whether the table takes a record that it has taken before; unknown if one was asked about and none answered. */
    private Answer takesKnown(WriteException failure) {
        String reason = Failures.sqlState(failure) + Failures.headline(failure);
        return answers.computeIfAbsent(reason, any -> ask(failure));
    }

    private Answer ask(WriteException failure) {
        List<Message> all = references.all();
        for (Message known : all) {
            if (!silent.contains(known)) {
                Answer answer = judge.takesKnown(table, known, failure);
                if (answer != Answer.UNKNOWN) {
                    return answer;
                }
                silent.add(known); // its row may be locked: to ask again would only take time
            }
        }
        return all.isEmpty() ? Answer.OTHERWISE : Answer.UNKNOWN;
    }
}
