package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The latest records that a table has taken: if it refuses even these, the table has changed, and not the records.
 * Thread-safe.
 */
final class References {
    /** More than one, because the row of one may be locked. */
    private static final int MAX_RECORDS = 3;
    /** A large one would only cost memory and time. */
    private static final int MAX_BYTES = 256 * 1024;

    private final Deque<Message> latest = new ArrayDeque<>();

    /** Notes that a record has been written. */
    synchronized void remember(Message record) {
        if (record.bytes().length <= MAX_BYTES) {
            latest.addFirst(record);
            if (latest.size() > MAX_RECORDS) {
                removeOne();
            }
        }
    }

    /** An update that lacks values tells nothing once its row is deleted: one that does not is kept, if there was any. */
    private void removeOne() {
        Message oldest = latest.removeLast();
        if (!oldest.mayLackValues() && latest.stream().allMatch(Message::mayLackValues)) {
            latest.removeLast();
            latest.addLast(oldest);
        }
    }

    /** Those that are known, the latest first. */
    synchronized List<Message> all() {
        return List.copyOf(latest);
    }
}
