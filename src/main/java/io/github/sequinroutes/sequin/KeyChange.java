package io.github.sequinroutes.sequin;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A change of the Stream API that changes the key of its row. The server sends it as an update of the row with the new
 * key; what the key was before stands in {@code changes}, if the table has replica identity full.
 */
final class KeyChange {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private KeyChange() {}

    /** The deletion of the row with the old key, or null if the key is the same. */
    static Message departure(Message update, List<List<String>> keyPaths) {
        try {
            ObjectNode change = (ObjectNode)
                    JSON.readTree(update.bytes(), update.recordStart(), update.recordEnd() - update.recordStart());
            if (!leaveOldKey(change, keyPaths)) {
                return null;
            }
            change.put("action", "delete").putNull("changes");
            byte[] delete = JSON.writeValueAsBytes(change);
            return Message.ofRecord(delete, update.format(), null, null, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the same bytes have been read before
        }
    }

    /** Puts the old key in place of the new one; returns whether they differ. */
    private static boolean leaveOldKey(ObjectNode change, List<List<String>> keyPaths) {
        ObjectNode record = (ObjectNode) change.get("record");
        JsonNode old = change.get("changes");
        boolean differs = false;
        for (List<String> path : keyPaths) {
            String column = path.get(path.size() - 1);
            JsonNode before = old.get(column);
            JsonNode now = record.get(column);
            if (path.size() == 2 && before != null && !before.isNull() && !before.equals(now)) {
                differs |= replaceKey(change, now, before);
            }
        }
        // the values as they were: a template may look at them
        old.fieldNames().forEachRemaining(column -> record.set(column, old.get(column)));
        return differs;
    }

    /** Of a column that is no part of the key the server says nothing among the keys. */
    private static boolean replaceKey(ObjectNode change, JsonNode now, JsonNode before) {
        ArrayNode keys = (ArrayNode) change.get("metadata").get("record_pks");
        for (int i = 0; now != null && i < keys.size(); i++) {
            if (keys.get(i).asText().equals(now.asText())) {
                keys.set(i, before.asText());
                return true;
            }
        }
        return false;
    }
}
