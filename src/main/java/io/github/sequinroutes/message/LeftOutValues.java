package io.github.sequinroutes.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** The values that a message of the Stream API leaves out, because they have not changed. */
final class LeftOutValues {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LeftOutValues() {}

    /** Whether an update leaves out a value that another message about its row has; both as received. */
    static boolean areIn(String other, String update) {
        try {
            JsonNode brought = record(other);
            for (Map.Entry<String, JsonNode> column : record(update).properties()) {
                if (isUnchanged(column.getValue()) && !isUnchanged(brought.path(column.getKey()))) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException e) {
            return true; // of which nothing is known
        }
    }

    private static JsonNode record(String message) throws JsonProcessingException {
        JsonNode whole = JSON.readTree(message);
        return (whole.has("data") ? whole.path("data") : whole).path("record");
    }

    private static boolean isUnchanged(JsonNode value) {
        return Message.UNCHANGED.equals(value.textValue());
    }
}
