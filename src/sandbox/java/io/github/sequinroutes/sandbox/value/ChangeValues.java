package io.github.sequinroutes.sandbox.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The JSON of values in changes, with what the real server loses: the fraction of {@code time}, the zone of
 * {@code timetz}, digits of JSON numbers beyond a double's.
 */
public final class ChangeValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final Pattern TIME = Pattern.compile("(?:[01]\\d|2[0-3]):\\d\\d:\\d\\d.*");
    /** What stands for a value that is not sent. */
    private static final JsonNode UNCHANGED = NODES.textNode("unchanged_toast");

    /** The JSON of a value that is not sent, since it is stored out of line and has not changed. */
    public JsonNode unchanged() {
        return UNCHANGED;
    }

    /**
     * The JSON of a value in PostgreSQL's text form, of null for null.
     *
     * @throws IllegalArgumentException if the real server could not read it either
     */
    public JsonNode of(PgType type, String text) {
        if (text == null) {
            return NODES.nullNode();
        }
        if (type.element() != null) {
            return array(type.element(), ArrayText.parse(text));
        }
        return switch (type.name()) {
            case "int2", "int4", "int8", "oid" -> NODES.numberNode(new BigInteger(text));
            case "float4", "float8" -> floating(text);
            case "bool" -> NODES.booleanNode(text.startsWith("t"));
            case "json", "jsonb" -> JsonText.parse(text);
            case "timestamp" -> timestamp(text, "");
            case "timestamptz" -> timestamp(text, "Z");
            case "time", "timetz" -> NODES.textNode(TIME.matcher(text).matches() ? text.substring(0, 8) : text);
            case "interval" -> IntervalText.parse(text);
            default -> NODES.textNode(text);
        };
    }

    private ArrayNode array(PgType element, List<?> values) {
        ArrayNode array = NODES.arrayNode();
        for (Object value : values) {
            array.add(value instanceof List<?> nested ? array(element, nested) : of(element, (String) value));
        }
        return array;
    }

    private static JsonNode floating(String text) {
        return NOT_FINITE.contains(text) ? NODES.textNode(text) : NODES.numberNode(Double.parseDouble(text));
    }

    private static JsonNode timestamp(String text, String zone) {
        TimestampText parts = TimestampText.of(text);
        if (parts == null || !parts.isPlain()) {
            return NODES.textNode(text);
        }
        OffsetDateTime utc = parts.inUtc();
        return NODES.textNode(
                TimestampText.format(utc.toLocalDate()) + "T" + TimestampText.format(utc.toLocalTime(), 6) + zone);
    }
}
