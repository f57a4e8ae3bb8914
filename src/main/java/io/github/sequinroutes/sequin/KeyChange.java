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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        ArrayNode keys = (ArrayNode) change.get("metadata").get("record_pks");
        boolean differs = false;
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < keyPaths.size(); i++) {
            List<String> path = keyPaths.get(i);
            String column = path.get(path.size() - 1);
            int place = path.size() == 2 ? place(keys, record.get(column), i, taken) : -1;
            taken.add(place);
            JsonNode before = old.get(column);
            if (place >= 0 && before != null && !before.isNull() && !before.equals(record.get(column))) {
                keys.set(place, before.asText());
                differs = true;
            }
        }
        // the values as they were: a template may look at them
        old.fieldNames().forEachRemaining(column -> record.set(column, old.get(column)));
        return differs;
    }

    /**
     * Where a column's value stands among the keys, or -1: of a column that is no part of the key the server says nothing
     * there. Of two columns with the same value each has its own place.
     */
    private static int place(ArrayNode keys, JsonNode value, int likely, Set<Integer> taken) {
        for (int i = -1; i < keys.size(); i++) {
            int place = i < 0 ? likely : i;
            if (place < keys.size()
                    && !taken.contains(place)
                    && RowKey.isText(keys.get(place).asText(), value)) {
                return place;
            }
        }
        return -1;
    }
}
