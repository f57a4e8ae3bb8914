package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.message.Message;
import java.util.List;

/** Some records have not been written; the others have. Says which, and why. */
public final class RecordsNotWrittenException extends RuntimeException {
    private static final int MAX_NAMED = 10;

    private final transient List<Message> left;

    /**
     * Of these records, why none of the others was written.
     *
     * @param records all that were to be written
     * @param problem why those wait that were not rejected, or null
     */
    RecordsNotWrittenException(List<Message> records, String problem) {
        super(message(records, left(records), problem));
        left = left(records);
    }

    /** Whether each that was not written is one of these. */
    boolean isOf(List<Message> records) {
        return left.stream().allMatch(mine -> records.stream()
                .anyMatch(record -> record.toString().equals(mine.toString())));
    }

    /** Those that the table has rejected. */
    List<Message> rejected() {
        return left.stream().filter(record -> record.rejection() != null).toList();
    }

    /** Whether the table has rejected each of them, rather than that there was no time, or the table is wrong. */
    public boolean areAllRejected() {
        return rejected().size() == left.size();
    }

    private static List<Message> left(List<Message> records) {
        return records.stream().filter(record -> !record.outcome().isDurable()).toList();
    }

    private static String message(List<Message> records, List<Message> left, String problem) {
        StringBuilder text = new StringBuilder(left.size() + " of " + records.size() + " records were not written: ");
        for (Message record : left.subList(0, Math.min(MAX_NAMED, left.size()))) {
            text.append(record.id())
                    .append(" (")
                    .append(reason(record, problem))
                    .append("); ");
        }
        if (left.size() > MAX_NAMED) {
            text.append("and others; ");
        }
        text.setLength(text.length() - 2);
        return text.toString();
    }

    private static String reason(Message record, String problem) {
        if (record.rejection() != null) {
            return record.rejection().error();
        }
        return problem == null ? "there was no time" : problem;
    }
}
