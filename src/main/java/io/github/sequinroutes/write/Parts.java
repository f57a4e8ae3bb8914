package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What is still to be written of a group, in parts: each is one transaction, and one that fails is halved until the
 * record at fault is alone. Used by one thread.
 */
final class Parts {
    private final Deque<List<Message>> parts = new ArrayDeque<>();

    /** Adds records at the end, in parts of at most {@code limit}. */
    void add(List<Message> records, int limit) {
        for (int from = 0; from < records.size(); from += limit) {
            parts.add(records.subList(from, Math.min(records.size(), from + limit)));
        }
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Takes the next part. */
    List<Message> next() {
        return parts.pop();
    }

    /** Adds a part at the front. */
    void again(List<Message> part) {
        if (!part.isEmpty()) {
            parts.push(part);
        }
    }

    /** Adds records at the front, in parts of at most {@code limit}. */
    void again(List<Message> records, int limit) {
        for (int to = records.size(); to > 0; to -= limit) {
            parts.push(records.subList(Math.max(0, to - limit), to));
        }
    }

    /** Adds the two halves of a part at the front. */
    void halve(List<Message> part) {
        int middle = part.size() / 2;
        again(part.subList(middle, part.size()));
        again(part.subList(0, middle));
    }

    /**
     * Adds the next older version of a record that cannot be written at the front: it may still be good. If that lacks
     * values, those before it come first.
     */
    void olderOf(Message record) {
        List<Message> older = new ArrayList<>();
        for (Message version = record.older(); version != null; version = version.older()) {
            older.add(version);
        }
        List<List<Message>> rounds = Group.rounds(older);
        for (int round = rounds.size() - 1; round >= 0; round--) {
            again(rounds.get(round));
        }
    }

    /** Drops all that is left. */
    void clear() {
        parts.clear();
    }
}
