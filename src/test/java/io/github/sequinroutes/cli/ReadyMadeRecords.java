package io.github.sequinroutes.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sample records of ready-made collections, and others that are made of them. */
final class ReadyMadeRecords {
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final int YEAR = 4;
    /** To another leap year. */
    private static final int YEARS = 4;

    private ReadyMadeRecords() {}

    /** The samples of a file. */
    static List<ObjectNode> of(Path file) throws IOException {
        List<ObjectNode> records = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            records.add((ObjectNode) JSON.readTree(line));
        }
        return records;
    }

    /** The same record, as many versions later. */
    static ObjectNode later(ObjectNode record, int versions) {
        return record.deepCopy().put("updated_idx", record.get("updated_idx").asLong() + versions);
    }

    /** The same record with everything changed but its ID, collection and version. */
    static ObjectNode changed(ObjectNode record) {
        ObjectNode changed = record.deepCopy();
        for (String field : List.of("upstream_id", "sync", "upstream_created_at", "upstream_updated_at", "data")) {
            changed.set(field, another(record.get(field)));
        }
        return changed;
    }

    /** Another value that fits wherever this one does; what is null or empty stays so. */
    private static JsonNode another(JsonNode value) {
        if (value.isObject()) {
            ObjectNode object = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                object.set(field.getKey(), another(field.getValue()));
            }
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            value.forEach(item -> array.add(another(item)));
            return array;
        }
        if (value.isBoolean()) {
            return BooleanNode.valueOf(!value.asBoolean());
        }
        if (value.isNumber()) {
            return DecimalNode.valueOf(value.decimalValue().add(BigDecimal.ONE));
        }
        return value.isTextual() && !value.asText().isEmpty() ? TextNode.valueOf(another(value.asText())) : value;
    }

    private static String another(String text) {
        if (text.equals("true")) {
            return "false";
        }
        if (text.matches("-?\\d+(\\.\\d+)?")) {
            return new BigDecimal(text).add(BigDecimal.ONE).toPlainString();
        }
        return text.matches("\\d{4}-\\d\\d-\\d\\d.*")
                ? Integer.parseInt(text.substring(0, YEAR)) + YEARS + text.substring(YEAR)
                : text + "'";
    }
}
