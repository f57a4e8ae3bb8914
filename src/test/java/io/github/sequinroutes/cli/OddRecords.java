package io.github.sequinroutes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Records whose fields have names and values that nobody expects. The same seed makes the same records. */
final class OddRecords {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of(
            "id",
            "deleted",
            "updated_idx",
            "data",
            "data_data",
            "upstream_id",
            "sync_id",
            "xmin",
            "ctid",
            "t",
            "excluded",
            "select",
            "order",
            "user",
            "table",
            "name",
            "Name",
            "NAME",
            "firstName",
            "First Name",
            "first_name",
            "HTTPServer2",
            "a.b",
            "a",
            "b-c",
            "",
            " ",
            "_",
            "\"",
            "\"\"",
            "it's",
            "x'; drop table y; --",
            "/* x",
            "*/",
            "$1",
            "$tag$",
            "?",
            ":#id",
            ":#",
            "{{x}}",
            "}}",
            "${body}",
            "\\",
            "\\u0041",
            "%s",
            "2fa",
            "ünï",
            "日本語",
            "😀",
            "e\u0301",
            "İ",
            "a\nb",
            "a\tb",
            "nul\0",
            "half\ud800",
            "\u202ertl",
            "\ufeff",
            "customer_id",
            "created",
            "createdAt",
            "updated_at",
            "due",
            "properties",
            "fields",
            "data.id",
            "x".repeat(100),
            "x".repeat(63),
            "日".repeat(40),
            "a b".repeat(30),
            "null",
            "true",
            "0",
            "1",
            "-1",
            "tableoid",
            "cast",
            "end",
            "all",
            "current_date",
            "analyse",
            "Custom__c",
            "é",
            "É");

    private final Random random;

    OddRecords(long seed) {
        random = new Random(seed);
    }

    /** Records of one collection, with IDs of their own. */
    List<ObjectNode> records(String collection, int count) {
        Map<String, List<Supplier<JsonNode>>> fields = fields(1 + random.nextInt(14));
        List<ObjectNode> records = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ObjectNode record = NODES.objectNode().put("collection_id", collection);
            record.put("id", "id-" + i).put("upstream_id", "up-" + i).put("updated_idx", i);
            record.putObject("sync").put("id", "s").put("external_id", "e" + i);
            record.put("upstream_updated_at", "2026-01-01T00:00:00Z");
            record.set("data", i == 1 && random.nextInt(8) == 0 ? value().get() : object(fields));
            records.add(record);
        }
        return records;
    }

    private ObjectNode object(Map<String, List<Supplier<JsonNode>>> fields) {
        ObjectNode object = NODES.objectNode();
        fields.forEach((name, kinds) -> {
            if (random.nextInt(6) > 0) {
                object.set(name, pick(kinds).get());
            }
        });
        return object;
    }

    /** A few fields, each with the kinds of values that it has, which may be several. */
    private Map<String, List<Supplier<JsonNode>>> fields(int count) {
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        Map<String, List<Supplier<JsonNode>>> fields = new LinkedHashMap<>();
        for (String name : names.subList(0, count)) {
            List<Supplier<JsonNode>> kinds = new ArrayList<>(List.of(value()));
            while (random.nextInt(3) == 0) {
                kinds.add(value());
            }
            fields.put(name, kinds);
        }
        return fields;
    }

    private Supplier<JsonNode> value() {
        return pick(List.of(
                NODES::nullNode,
                () -> NODES.booleanNode(random.nextBoolean()),
                () -> NODES.numberNode(random.nextInt(100)),
                () -> NODES.numberNode(random.nextLong()),
                () -> NODES.numberNode(1_700_000_000L + random.nextInt(100_000_000)),
                () -> NODES.numberNode(1_700_000_000_000L + random.nextInt()),
                () -> NODES.numberNode(new BigInteger(400, random)),
                () -> NODES.numberNode(BigDecimal.valueOf(random.nextInt(), 2)),
                () -> NODES.numberNode(new BigDecimal("1.5e" + (random.nextInt(400) - 200))),
                () -> NODES.numberNode(new BigDecimal("3e" + pick(List.of("2000", "400000", "-17000")))),
                () -> NODES.textNode(""),
                () -> NODES.textNode(pick(NAMES).replaceAll("[\0\ud800]", "!")),
                () -> NODES.textNode("nul \0 and half \ud800 of a pair"),
                () -> NODES.textNode(random.nextInt(1_000) + ""),
                () -> NODES.textNode("2026-0%d-1%d".formatted(1 + random.nextInt(9), random.nextInt(10))),
                () -> NODES.textNode("2026-02-30"),
                () -> NODES.textNode("0000-01-01"),
                () -> NODES.textNode(
                        "2026-03-04T05:06:%02d.%06dZ".formatted(random.nextInt(60), random.nextInt(1_000_000))),
                () -> NODES.textNode("2026-03-04 05:06:%02d+0530".formatted(random.nextInt(60))),
                () -> NODES.textNode("2026-03-04T05:06:%02d".formatted(random.nextInt(60))),
                () -> NODES.textNode(new UUID(random.nextLong(), random.nextLong())
                        .toString()
                        .toUpperCase(Locale.ROOT)),
                () -> NODES.textNode("cus_NffrFeUfNV2H" + (char) ('a' + random.nextInt(26))),
                () -> NODES.textNode("long ".repeat(1_000)),
                () -> NODES.arrayNode().add(random.nextInt()).add("x").addNull(),
                () -> NODES.objectNode(),
                () -> NODES.objectNode().put("id", "o" + random.nextInt(9)).put("x", 1),
                () -> NODES.objectNode().put("id", random.nextInt(9)).put(pick(NAMES), pick(NAMES)),
                () -> object(fields(3))));
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
