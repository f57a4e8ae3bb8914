package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.sandbox.feed.BadRecordException;
import io.github.sequinroutes.sandbox.feed.RecordFeed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Takes changes for the Stream API, with or without {@code data} around them. What is not said is an insert, the key
 * {@code id}, and the newest of all changes.
 */
final class ChangeTaker implements RecordFeed.Taker {
    private static final Set<String> ACTIONS = Set.of("insert", "update", "delete", "read");

    private final Consumer<StreamMessage> taker;
    /** Beyond the LSN of any database that is new. */
    private final AtomicLong lsn = new AtomicLong(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));

    /** Whose messages go there. */
    ChangeTaker(Consumer<StreamMessage> taker) {
        this.taker = taker;
    }

    @Override
    public void take(ObjectNode given) throws BadRecordException {
        ObjectNode change = given.path("data").path("record").isObject() ? (ObjectNode) given.get("data") : given;
        if (!change.path("record").isObject()) {
            throw new BadRecordException("it has no record, such as {\"record\": {\"id\": 1}, \"metadata\":"
                    + " {\"table_schema\": \"public\", \"table_name\": \"orders\"}}");
        }
        change.remove(List.of("ack_id", "ack_token"));
        ObjectNode metadata = change.withObject("/metadata");
        String collection = text(metadata, "table_schema") + "." + text(metadata, "table_name");
        String action = change.path("action").asText("insert");
        if (!ACTIONS.contains(action)) {
            throw new BadRecordException("its action is '" + action + "', and must be insert, update, delete or read");
        }
        change.put("action", action);
        if (!change.has("changes")) {
            change.putNull("changes");
        }
        List<String> key = key(metadata, change.get("record"));
        if (!metadata.has("commit_lsn") && !action.equals("read")) {
            metadata.put("commit_lsn", lsn.incrementAndGet()).put("commit_idx", 0);
        }
        if (!metadata.has("idempotency_key")) {
            metadata.put("idempotency_key", base64(metadata.path("commit_lsn").asText() + ":" + key));
        }
        taker.accept(new StreamMessage(collection, key, action, change.toString()));
    }

    private static String text(JsonNode metadata, String field) throws BadRecordException {
        String text = metadata.path(field).asText();
        if (text.isEmpty()) {
            throw new BadRecordException("its metadata has no " + field);
        }
        return text;
    }

    private static List<String> key(ObjectNode metadata, JsonNode row) throws BadRecordException {
        if (!metadata.has("record_pks")) {
            if (!row.has("id")) {
                throw new BadRecordException("its metadata has no record_pks, and its record has no id");
            }
            metadata.putArray("record_pks").add(row.get("id").asText());
        }
        List<String> key = new ArrayList<>();
        if (metadata.get("record_pks") instanceof ArrayNode parts) {
            parts.forEach(part -> key.add(part.asText()));
        }
        return key;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
