package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The records of a group that PostgreSQL has rejected, each alone, and whether to try them again. Used by one thread. */
final class Rejected {
    /**
     * Another row that is written later can fix these: a parent, also one that a template or a trigger looks up, or the row
     * that has a unique value. What a function raises has PL/pgSQL's class P0, or one that SQL leaves to users.
     */
    private static final Pattern DEPENDS_ON_OTHERS = Pattern.compile("2350[235]|23P01|[6-9I-WYZ].*");

    /** How many records of the group had been written by then. */
    private final Map<Message, Integer> writtenBefore = new HashMap<>();

    private final Set<Message> takenBack = new HashSet<>();

    private static final String NO_DATA = "02000";

    /** Whether it was rejected for the want of another row or version, or for a row that is in the way. */
    static boolean dependsOnOthers(Message message) {
        String state = message.rejection() == null ? null : message.rejection().sqlState();
        return state != null
                && (DEPENDS_ON_OTHERS.matcher(state).matches()
                        || (state.equals(NO_DATA) && message.comesAfterAnother()));
    }

    void add(Message record, int written) {
        writtenBefore.put(record, written);
    }

    int size() {
        return writtenBefore.size();
    }

    /** Why one of them was rejected. */
    Optional<Rejection> any() {
        return writtenBefore.keySet().stream()
                .map(Message::rejection)
                .filter(rejection -> rejection != null)
                .findFirst();
    }

    /** Takes all rejections back, for it may not have been the records' fault, and returns the records. */
    List<Message> takeBack() {
        List<Message> records = writtenBefore.keySet().stream()
                .filter(message -> message.rejection() != null)
                .toList();
        records.forEach(Message::retry);
        writtenBefore.clear();
        return records;
    }

    /** Takes back those rejections that have not been taken back so before, and returns their records. */
    List<Message> takeBackOnce() {
        List<Message> records = writtenBefore.keySet().stream()
                .filter(message -> message.rejection() != null && takenBack.add(message))
                .toList();
        records.forEach(Message::retry);
        writtenBefore.keySet().removeAll(records);
        return records;
    }

    /** What came of one that was tried again. */
    enum Outcome {
        ACCEPTED,
        REJECTED,
        /** It failed in a way that is not its own fault, or was not tried: it has to come again. */
        UNKNOWN
    }

    /**
     * Retries records, as long as some are written that may have fixed the others.
     *
     * @param messages what has been rejected
     * @param written  how many records of the group have been written
     * @param write    writes one
     */
    void retry(List<Message> messages, int written, Function<Message, Outcome> write) {
        List<Message> left = new ArrayList<>(messages);
        int now = written;
        int before;
        do {
            before = now;
            int all = now;
            left.removeIf(message -> !dependsOnOthers(message) || writtenBefore.getOrDefault(message, all) >= all);
            for (Message message : left) {
                Rejection rejection = message.rejection();
                if (rejection == null) {
                    continue; // superseded by a newer version that has been written meanwhile
                }
                message.retry();
                add(message, now);
                switch (write.apply(message)) {
                    case ACCEPTED -> now++;
                    case REJECTED -> message.reject(rejection);
                    case UNKNOWN -> writtenBefore.remove(message);
                }
            }
            left.removeIf(message -> message.rejection() == null);
        } while (now > before);
    }
}
