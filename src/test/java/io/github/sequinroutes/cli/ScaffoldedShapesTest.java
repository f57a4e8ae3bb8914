package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever records look like, a collection that is scaffolded from them can be used, and holds every value of them. */
@Tag("postgres")
@Tag("long")
class ScaffoldedShapesTest {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final List<String> COLLECTIONS = List.of(
            "stripe:subscription",
            "x:y:z",
            "UPPER:Case",
            "odd:it's \"quoted\"",
            "日本:語",
            "plain",
            "sequin:version",
            "pg_catalog:class",
            "a:" + "long".repeat(30),
            "a:b-c",
            "a:c_d",
            "a:1st order",
            "hub spot:contact.x",
            "t:null");
    private static final int RECORDS = 6;

    private static Map<String, List<ObjectNode>> records(OddRecords odd) {
        Map<String, List<ObjectNode>> records = new LinkedHashMap<>();
        for (String collection : COLLECTIONS) {
            records.put(collection, odd.records(collection, RECORDS));
        }
        return records;
    }

    private static String lines(Iterable<? extends JsonNode> records) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (JsonNode record : records) {
            lines.append(JSON.writeValueAsString(record)).append('\n');
        }
        return lines.toString();
    }

    @Test
    void everyShapeIsCheckedSyncedAndHeld() throws Exception {
        long seed = Long.getLong("test.seed", new Random().nextLong());
        System.out.println("ScaffoldedShapesTest: -Dtest.seed=" + seed);
        Map<String, List<ObjectNode>> records = records(new OddRecords(seed));
        List<ObjectNode> all = new ArrayList<>();
        records.values().forEach(all::addAll);
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.write("sample.jsonl", lines(all));
            List<String> command = new ArrayList<>(List.of("scaffold", "--apply", "--sample"));
            command.add(replication.path("sample.jsonl"));
            command.addAll(COLLECTIONS);
            Replication.Result result = replication.run(command.toArray(String[]::new));
            assertEquals(0, result.status(), "seed " + seed + ": " + result);
            assertEquals(
                    new Replication.Result(
                            0, List.of("%1$d of %1$d templates can be used.".formatted(COLLECTIONS.size()))),
                    replication.run("check"),
                    "seed " + seed);
            replication.bundle().offer(lines(all).split("\n")).start().awaitDrained();
            assertEquals(
                    List.of(),
                    replication.target().rows("select collection, record_id, error from sequin.dead_letters"),
                    "seed " + seed);
            Map<String, String> tables = tables(replication, result);
            for (String collection : COLLECTIONS) {
                for (ObjectNode record : records.get(collection)) {
                    String problem =
                            HeldValues.problem(record.get("data"), row(replication, tables.get(collection), record));
                    assertEquals("", problem, "seed " + seed + ", " + collection + ": " + record);
                }
            }
            assertDeleted(replication, records, tables, "seed " + seed);
        }
    }

    /** A deletion without data marks the row, and changes nothing else. */
    private static void assertDeleted(
            Replication replication, Map<String, List<ObjectNode>> records, Map<String, String> tables, String seed)
            throws Exception {
        Map<String, ObjectNode> expected = new LinkedHashMap<>();
        List<ObjectNode> deletions = new ArrayList<>();
        for (String collection : COLLECTIONS) {
            ObjectNode record = records.get(collection).get(0);
            ObjectNode row = (ObjectNode) row(replication, tables.get(collection), record);
            expected.put(collection, row.put("deleted", true).put("updated_idx", 100L));
            deletions.add(JSON.createObjectNode()
                    .put("collection_id", collection)
                    .put("id", record.get("id").asText())
                    .put("updated_idx", 100)
                    .put("deleted", true));
        }
        replication.bundle().offer(lines(deletions).split("\n")).awaitDrained();
        assertEquals(List.of(), replication.bundle().deadLetters(), seed);
        for (String collection : COLLECTIONS) {
            JsonNode row = row(
                    replication, tables.get(collection), records.get(collection).get(0));
            assertEquals(expected.get(collection).toString(), row.toString(), seed + ", " + collection);
        }
    }

    /** The table of each collection, as its DDL says. */
    private static Map<String, String> tables(Replication replication, Replication.Result result) throws Exception {
        Map<String, String> tables = new LinkedHashMap<>();
        List<String> files = result.lines().stream()
                .filter(line -> line.startsWith("Applied "))
                .map(line -> line.substring("Applied ".length()))
                .toList();
        assertEquals(COLLECTIONS.size(), files.size());
        for (int i = 0; i < files.size(); i++) {
            String ddl = replication.file(files.get(i));
            String create = "create table if not exists ";
            int begin = ddl.indexOf(create) + create.length();
            assertTrue(begin > create.length(), ddl);
            tables.put(COLLECTIONS.get(i), ddl.substring(begin, ddl.indexOf(" (\n", begin)));
        }
        return tables;
    }

    private static JsonNode row(Replication replication, String table, ObjectNode record) throws Exception {
        // of a json column to_json keeps the text, which may have what jsonb cannot
        return HeldValues.read(replication
                .target()
                .value("select to_json(whole.*) from %s whole where id = '%s'"
                        .formatted(table, record.get("id").asText())));
    }
}
