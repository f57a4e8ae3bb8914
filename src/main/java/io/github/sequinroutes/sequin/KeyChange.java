package io.github.sequinroutes.sequin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.sequinroutes.json.FieldNames;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A change of the Stream API that changes the key of its row. The server sends it as an update of the row with the new
 * key; what the key was before stands in {@code changes}, if the table has replica identity full.
 */
final class KeyChange {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FieldNames<String> PARTS =
            new FieldNames<>(Map.of("record", "record", "changes", "changes", "metadata", "metadata"), "");
    private static final FieldNames<Boolean> KEYS = new FieldNames<>(Map.of("record_pks", true), false);

    private final byte[] bytes;
    private final ByteArrayOutputStream deletion = new ByteArrayOutputStream();
    private byte[] record = {};
    private byte[] changes = {};
    private byte[] metadata = {};

    private KeyChange(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The deletion of the row under its former key, with all its values as they were before. */
    static Message departure(Message update, List<String> key, List<String> former) {
        try {
            return new KeyChange(update.bytes()).departureOf(update, key, former);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the same bytes have been read before
        }
    }

    /** Numbers and all else stay as they are, byte for byte: of two fields with one name the last counts. */
    private Message departureOf(Message update, List<String> key, List<String> former) throws IOException {
        JsonScanner json = new JsonScanner(bytes, update.recordStart(), update.recordEnd());
        json.peek();
        json.beginObject();
        while (json.hasNext('}')) {
            String part = json.selectName(PARTS);
            json.peek();
            long start = json.position();
            json.skipValue();
            byte[] value = Arrays.copyOfRange(bytes, (int) start, (int) json.position());
            switch (part) {
                case "record" -> record = value;
                case "changes" -> changes = value;
                case "metadata" -> metadata = value;
                default -> {}
            }
        }
        ArrayNode keys = formerKeys(key, former);
        append("{\"record\":");
        append(record, changes);
        append(",\"changes\":null,\"action\":\"delete\",\"metadata\":");
        append(metadata, ("{\"record_pks\":" + keys + "}").getBytes(StandardCharsets.UTF_8));
        append("}");
        return Message.ofRecord(deletion.toByteArray(), update.format(), null, null, null);
    }

    /** Appends an object with the fields of two. */
    private void append(byte[] object, byte[] other) {
        deletion.write(object, 0, object.length - 1);
        String inner = new String(object, 1, object.length - 2, StandardCharsets.ISO_8859_1);
        append(inner.isBlank() ? "" : ",");
        deletion.write(other, 1, other.length - 1);
    }

    private void append(String text) {
        deletion.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The server's keys with the former texts, for a template that looks at them. It writes them in an order of its own,
     * and some types in another way.
     */
    private ArrayNode formerKeys(List<String> key, List<String> former) throws IOException {
        ArrayNode keys = JSON.createArrayNode();
        JsonScanner json = new JsonScanner(metadata, 0, metadata.length);
        json.peek();
        json.beginObject();
        while (json.hasNext('}')) {
            boolean isKeys = json.selectName(KEYS);
            json.peek();
            long start = json.position();
            json.skipValue();
            JsonNode value = isKeys ? JSON.readTree(metadata, (int) start, (int) (json.position() - start)) : null;
            keys = value instanceof ArrayNode texts ? texts : keys;
        }
        boolean[] taken = new boolean[keys.size()];
        for (int i = 0; i < key.size(); i++) {
            int place = place(keys, taken, key.get(i), key.size() == keys.size() ? i : -1);
            if (place >= 0) {
                taken[place] = true;
                keys.set(place, former.get(i));
            }
        }
        return keys;
    }

    private static int place(ArrayNode keys, boolean[] taken, String text, int likely) {
        for (int i = 0; i < keys.size(); i++) {
            if (!taken[i] && keys.get(i).asText().equals(text)) {
                return i;
            }
        }
        return likely >= 0 && !taken[likely] ? likely : -1;
    }
}
