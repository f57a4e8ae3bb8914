package io.github.sequinroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Compares the data of a record with the row that it has become, without regard to how columns are called. */
final class HeldValues {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNumberLength(1_000_000)
                        .build());
    }

    private static final Comparator<JsonNode> SAME =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;

    private static final List<String> CONTAINERS = List.of("properties", "fields");

    private HeldValues() {}

    static JsonNode read(String json) throws JsonProcessingException {
        return JSON.readTree(json);
    }

    /** The first field of which no column holds the value, or nothing. */
    static String problem(JsonNode data, JsonNode row) throws Exception {
        JsonNode record = read(data.toString());
        if (isHeld(record, row)) {
            return "";
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = record.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            boolean isHeld = isHeld(field.getValue(), row) || isInData(field, row);
            // an object that is a record of its own has a column for each field
            boolean isContainer =
                    CONTAINERS.contains(field.getKey()) && field.getValue().isObject();
            if (!isHeld && !(isContainer && problem(field.getValue(), row).isEmpty())) {
                return field + " is not in " + row;
            }
        }
        return "";
    }

    private static boolean isInData(Map.Entry<String, JsonNode> field, JsonNode row) {
        JsonNode held = row.path("data").path(field.getKey());
        return !held.isMissingNode() && held.equals(SAME, field.getValue());
    }

    private static boolean isHeld(JsonNode value, JsonNode row) {
        for (JsonNode column : row) {
            if (value.equals(SAME, column) || isSame(value, column)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(JsonNode value, JsonNode column) {
        String text = value.isValueNode() ? value.asText() : value.toString();
        if (column.isNull()) {
            return value.isNull() || text.isEmpty();
        } else if (!column.isTextual()) {
            return false;
        }
        String held = column.textValue();
        if (held.equals(text) || (value.isTextual() && held.equalsIgnoreCase(text) && text.length() == 36)) {
            return true;
        } else if (value.isNumber() && isNumber(held)) {
            return new BigDecimal(held).compareTo(value.decimalValue()) == 0; // the digits of a long number, as text
        } else if (value.isContainerNode()) {
            return isSameJson(value, held);
        }
        try {
            return isSameTime(value, held);
        } catch (DateTimeException e) {
            return false; // no time at all
        }
    }

    private static boolean isSameJson(JsonNode value, String held) {
        try {
            return read(held).equals(SAME, value);
        } catch (JsonProcessingException e) {
            return false; // some other text
        }
    }

    private static boolean isNumber(String text) {
        return text.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    }

    private static boolean isSameTime(JsonNode value, String held) {
        if (held.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?[+-]\\d\\d:\\d\\d")) {
            Instant time = OffsetDateTime.parse(held).toInstant();
            if (value.isNumber()) {
                BigDecimal seconds = BigDecimal.valueOf(time.toEpochMilli(), 3);
                return seconds.compareTo(value.decimalValue()) == 0
                        || seconds.movePointRight(3).compareTo(value.decimalValue()) == 0;
            }
            return value.isTextual()
                    && value.textValue().matches("\\d{4}-\\d\\d-\\d\\d[T ].*")
                    && time.equals(OffsetDateTime.parse(
                                    value.textValue().replace(' ', 'T'),
                                    DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm[:ss][.SSSSSS][.SSS][XXX][XX][X]"))
                            .toInstant());
        }
        return held.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?")
                && value.isTextual()
                && value.textValue().matches("\\d{4}-\\d\\d-\\d\\dT[0-9:]+")
                && LocalDateTime.parse(held).equals(LocalDateTime.parse(value.textValue()));
    }
}
