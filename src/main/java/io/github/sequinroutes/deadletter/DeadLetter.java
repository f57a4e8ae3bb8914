package io.github.sequinroutes.deadletter;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** A message that could not be written, and why: a row of {@code sequin.dead_letters}. */
final class DeadLetter {
    private final Message message;
    private final Map<String, Object> row = new HashMap<>();

    DeadLetter(String consumer, Message message, String reason, String sqlState, String error) {
        this.message = message;
        row.put("consumer", consumer);
        row.put("collection", Storable.text(message.collection()));
        row.put("record_id", Storable.text(message.key())); // the same text for each version of a row
        row.put("version", version(message));
        row.put("reason", reason);
        row.put("sqlstate", sqlState);
        row.put("error", Storable.text(error));
        boolean isText = Utf8.isText(message.bytes());
        row.put("message", isText ? message.bytes() : Storable.utf8(message.bytes()));
        row.put("message_bytes", isText ? null : message.bytes());
        row.put("identity", Identity.of(consumer, message));
    }

    /** A row that a backfill has read has none: any two such messages may differ. */
    private static BigDecimal version(Message message) {
        return Identity.hasVersion(message) ? message.version().toBigDecimal() : null;
    }

    /** The columns by name. */
    Map<String, Object> row() {
        return row;
    }

    /** Notes that the row is committed. */
    void stored() {
        message.settle(Outcome.DEAD_LETTERED);
    }
}
