package io.github.sequinroutes.sequin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The key of a row in the Stream API, the same for each of its messages. In {@code record_pks} the server writes some types
 * in several ways: a change has the text of PostgreSQL ({@code t}, {@code 2024-10-28 21:37:01+00}), the read of a backfill
 * another ({@code true}, {@code 2024-10-28 21:37:01.000000Z}). In {@code record} both have the same.
 */
final class RowKey {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TIMESTAMP = Pattern.compile("\\d{4,}-\\d\\d-\\d\\d[ T]\\d\\d:.*");
    private static final Pattern FRACTION = Pattern.compile("-?\\d+(\\.\\d+([eE][+-]?\\d+)?|[eE][+-]?\\d+)");
    private static final Pattern SHORT_ZONE = Pattern.compile(".*:\\d\\d(\\.\\d+)?[+-]\\d\\d");

    private RowKey() {}

    /** The key of a message's row, whose columns have these paths. */
    static String of(Message message, List<List<String>> keyPaths) {
        String id = message.id();
        if (id == null) {
            return null;
        }
        boolean isComposite = id.startsWith("[");
        if (!isComposite && !hasOtherTexts(id)) {
            return id;
        }
        try {
            JsonNode parts = isComposite
                    ? JSON.readTree(id)
                    : JsonNodeFactory.instance.arrayNode().add(id);
            if (!(parts instanceof ArrayNode keys)) {
                return id;
            }
            JsonNode record = null;
            for (int i = 0; i < keys.size(); i++) {
                String text = keys.get(i).asText();
                if (hasOtherTexts(text)) {
                    record = record == null ? record(message) : record;
                    keys.set(i, plain(text, record, keyPaths));
                }
            }
            return isComposite ? keys.toString() : keys.get(0).asText();
        } catch (IOException ofAnotherKind) {
            return id; // a route has made it
        }
    }

    /** Whether a text of {@code record_pks} is a value of the record, whichever of its ways it is written in. */
    static boolean isText(String text, JsonNode value) {
        return value != null && (text.equals(value.asText()) || (hasOtherTexts(text) && plain(text, value) != null));
    }

    private static JsonNode record(Message message) throws IOException {
        return JSON.readTree(message.bytes(), message.recordStart(), message.recordEnd() - message.recordStart())
                .path("record");
    }

    private static boolean hasOtherTexts(String text) {
        return isTrue(text)
                || isFalse(text)
                || TIMESTAMP.matcher(text).matches()
                || FRACTION.matcher(text).matches();
    }

    private static String plain(String text, JsonNode record, List<List<String>> keyPaths) {
        for (List<String> path : keyPaths) {
            String plain = path.size() == 2 ? plain(text, record.path(path.get(1))) : null;
            if (plain != null) {
                return plain;
            }
        }
        return text;
    }

    /** The one text of a value, or null if it is another value. */
    private static String plain(String text, JsonNode value) {
        if (value.isBoolean()) {
            return value.asBoolean() ? isTrue(text) ? "true" : null : isFalse(text) ? "false" : null;
        } else if (value.isNumber()) {
            return FRACTION.matcher(text).matches()
                            && Double.isFinite(value.asDouble())
                            && new BigDecimal(text).compareTo(value.decimalValue()) == 0
                    ? new BigDecimal(text).stripTrailingZeros().toPlainString()
                    : null;
        }
        String time = value.isTextual() && TIMESTAMP.matcher(text).matches() ? time(value.asText()) : null;
        return time != null && time.equals(time(text)) ? time : null;
    }

    private static boolean isTrue(String text) {
        return text.equals("t") || text.equals("true");
    }

    private static boolean isFalse(String text) {
        return text.equals("f") || text.equals("false");
    }

    private static String time(String text) {
        String iso = text.replace(' ', 'T') + (SHORT_ZONE.matcher(text).matches() ? ":00" : "");
        try {
            return OffsetDateTime.parse(iso).toInstant().toString();
        } catch (DateTimeException noZone) {
            return localTime(iso);
        }
    }

    private static String localTime(String iso) {
        try {
            return LocalDateTime.parse(iso).toString();
        } catch (DateTimeException noTimestamp) {
            return null;
        }
    }
}
