package io.github.sequinroutes.durable;

import io.github.sequinroutes.read.Message;
import io.github.sequinroutes.read.Outcome;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A message that could not be written, and why: a row of {@code sequin.dead_letters}. */
final class DeadLetter {
    private final Message message;
    private final Map<String, Object> row = new HashMap<>();

    DeadLetter(String consumer, Message message, String reason, String sqlState, String error) {
        this.message = message;
        row.put("consumer", consumer);
        row.put("collection", storable(message.collection()));
        row.put("record_id", storable(message.id()));
        row.put("version", message.version() == null ? null : BigDecimal.valueOf(message.version()));
        row.put("reason", reason);
        row.put("sqlstate", sqlState);
        row.put("error", storable(error));
        row.put("message", storable(message));
    }

    /** The columns by name. */
    Map<String, Object> row() {
        return row;
    }

    /** Notes that the row is committed. */
    void stored() {
        message.settle(Outcome.DEAD_LETTERED);
    }

    /** The message's own bytes, unless PostgreSQL cannot hold them as text. */
    private static byte[] storable(Message message) {
        return Utf8.isText(message.bytes())
                ? message.bytes()
                : storable(message.text()).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The text with the characters that PostgreSQL cannot hold written as JSON escapes them. A received message has
     * none of them, unless its JSON was already invalid.
     */
    private static String storable(String text) {
        if (text == null) {
            return null;
        }
        StringBuilder storable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                storable.append("\\u%04x".formatted(c));
            } else {
                storable.appendCodePoint(c);
            }
        });
        return storable.toString();
    }
}
