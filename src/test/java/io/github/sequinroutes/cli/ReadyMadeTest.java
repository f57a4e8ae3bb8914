package io.github.sequinroutes.cli;

import static io.github.sequinroutes.cli.ReadyMadeRecords.JSON;
import static io.github.sequinroutes.cli.ReadyMadeRecords.changed;
import static io.github.sequinroutes.cli.ReadyMadeRecords.later;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.scaffold.ReadyMade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * docs/scaffold.md: each ready-made collection, as {@code scaffold} writes it, with its sample records. All of them go
 * through one process, a step at a time; the tests look at the tables as they were after each.
 */
@Tag("postgres")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadyMadeTest {
    static final List<String> COLLECTIONS = ReadyMade.COLLECTIONS;

    private static final Path EXPECTED = Path.of("src/test/resources/ready-made");
    /** Columns of the lines of an order that say whose and where they are. */
    private static final Set<String> IDENTITY = Set.of("id", "order_id", "deleted");

    /** What is sent of each sample, in this order. */
    private enum Step {
        SAMPLE(0, false),
        OLDER(-10, false),
        NEWER(10, false),
        LATE_DELETION(5, true),
        DELETION_WITHOUT_DATA(20, true),
        THERE_AGAIN(30, false),
        DELETION_WITH_DATA(40, true);

        private final int versions;
        private final boolean deleted;

        Step(int versions, boolean deleted) {
            this.versions = versions;
            this.deleted = deleted;
        }

        String of(ObjectNode sample) {
            ObjectNode record =
                    switch (this) {
                        case OLDER, NEWER -> changed(sample);
                        case DELETION_WITHOUT_DATA -> changed(sample).putNull("data");
                        case DELETION_WITH_DATA ->
                            sample.deepCopy().set("data", changed(sample).get("data"));
                        case SAMPLE, LATE_DELETION, THERE_AGAIN -> sample;
                    };
            return later(record, versions).put("deleted", deleted).toString();
        }
    }

    private final Map<String, JsonNode> expected = new HashMap<>();
    /** The rows after each step, by table and key. */
    private final Map<Step, Map<String, Map<String, JsonNode>>> rows = new EnumMap<>(Step.class);

    private Replication process;

    @BeforeAll
    void sendAllSamples() throws Exception {
        process = new Replication("select");
        process.bundle().set("sequin.api", "consume");
        Replication.Result scaffold = process.run("scaffold", "--from", String.join(",", COLLECTIONS), "--apply");
        assertEquals(0, scaffold.status(), scaffold.toString());
        assertEquals(new Replication.Result(0, List.of("15 of 15 templates can be used.")), process.run("check"));

        List<ObjectNode> samples = new ArrayList<>();
        for (String collection : COLLECTIONS) {
            String name = collection.replaceAll("[:_]", "-");
            expected.put(
                    collection, JSON.readTree(EXPECTED.resolve(name + ".json").toFile()));
            samples.addAll(ReadyMadeRecords.of(process.collections().resolve("../../samples/" + name + ".jsonl")));
        }
        process.bundle().start();
        for (Step step : Step.values()) {
            process.bundle().offer(samples.stream().map(step::of).toArray(String[]::new));
            process.bundle().awaitDrained();
            Map<String, Map<String, JsonNode>> tables = new HashMap<>();
            for (JsonNode collection : expected.values()) {
                for (Map.Entry<String, JsonNode> table : collection.properties()) {
                    List<JsonNode> now = new ArrayList<>();
                    for (String row : process.target().rows("select to_jsonb(t) from " + table.getKey() + " t")) {
                        now.add(JSON.readTree(row));
                    }
                    tables.put(table.getKey(), byKey(now));
                }
            }
            rows.put(step, tables);
            process.target().execute("delete from sequin.versions"); // a row's own version guards it as well
        }
        assertEquals(List.of(), process.bundle().deadLetters());
    }

    @AfterAll
    void close() throws Exception {
        process.close();
    }

    private static Map<String, JsonNode> byKey(Iterable<JsonNode> rows) {
        Map<String, JsonNode> byKey = new TreeMap<>();
        rows.forEach(row ->
                byKey.put(row.path("order_id").asText() + " " + row.get("id").asText(), row));
        return byKey;
    }

    private Map<String, JsonNode> rows(Step step, String table) {
        return rows.get(step).get(table);
    }

    private Set<String> tables(String collection) {
        Set<String> tables = new TreeSet<>();
        expected.get(collection).fieldNames().forEachRemaining(tables::add);
        return tables;
    }

    /** The same rows, with the version after a step and the mark of a deletion. */
    private static Map<String, JsonNode> after(Step step, Map<String, JsonNode> before, int versionsBefore) {
        Map<String, JsonNode> after = new TreeMap<>();
        before.forEach((key, row) -> {
            ObjectNode changed = row.deepCopy();
            if (row.has("updated_idx")) {
                changed = later(changed, step.versions - versionsBefore);
            }
            after.put(key, changed.put("deleted", step.deleted));
        });
        return after;
    }

    @ParameterizedTest
    @FieldSource("COLLECTIONS")
    void everyColumnOfTheSamples(String collection) {
        for (String table : tables(collection)) {
            Map<String, JsonNode> written = rows(Step.SAMPLE, table);
            assertEquals(byKey(expected.get(collection).get(table)), written);

            Set<String> neverFilled = new TreeSet<>();
            written.values().iterator().next().fieldNames().forEachRemaining(neverFilled::add);
            neverFilled.removeIf(column ->
                    written.values().stream().anyMatch(row -> !row.get(column).isNull()));
            assertEquals(Set.of(), neverFilled, table + " has columns that no sample fills, and so no test tries");
        }
    }

    @ParameterizedTest
    @FieldSource("COLLECTIONS")
    void anOlderVersionChangesNothing(String collection) {
        for (String table : tables(collection)) {
            assertEquals(rows(Step.SAMPLE, table), rows(Step.OLDER, table));
            assertEquals(rows(Step.NEWER, table), rows(Step.LATE_DELETION, table));
        }
    }

    @ParameterizedTest
    @FieldSource("COLLECTIONS")
    void aNewerVersionChangesEveryColumn(String collection) {
        for (String table : tables(collection)) {
            Map<String, JsonNode> before = rows(Step.SAMPLE, table);
            Set<String> unchanged = new HashSet<>();
            before.values().iterator().next().fieldNames().forEachRemaining(unchanged::add);
            rows(Step.NEWER, table)
                    .forEach((key, row) -> unchanged.removeIf(column -> before.containsKey(key)
                            && !before.get(key).get(column).equals(row.get(column))));
            unchanged.removeAll(IDENTITY);
            assertEquals(Set.of(), unchanged, table);
            assertEquals(before.size(), rows(Step.NEWER, table).size(), "lines that an order has no more are removed");
        }
    }

    @ParameterizedTest
    @FieldSource("COLLECTIONS")
    void aDeletionMarksTheRowAndKeepsWhatItHas(String collection) {
        for (String table : tables(collection)) {
            Map<String, JsonNode> newer = rows(Step.NEWER, table);
            assertEquals(
                    after(Step.DELETION_WITHOUT_DATA, newer, Step.NEWER.versions),
                    rows(Step.DELETION_WITHOUT_DATA, table));
            Map<String, JsonNode> sample = rows(Step.SAMPLE, table);
            assertEquals(after(Step.THERE_AGAIN, sample, 0), rows(Step.THERE_AGAIN, table));
            assertEquals(after(Step.DELETION_WITH_DATA, sample, 0), rows(Step.DELETION_WITH_DATA, table));
        }
    }

    /** Nothing is known of it but that it is deleted. */
    @Test
    void aDeletionOfWhatWasNeverSeen() throws Exception {
        for (String collection : COLLECTIONS) {
            process.bundle().offer(TestRecord.of(collection, "never seen", 1, true, "null"));
        }
        process.bundle().awaitDrained();
        for (String collection : COLLECTIONS) {
            String table = expected.get(collection).fieldNames().next();
            assertEquals(
                    "t|1|0",
                    process.target()
                            .value("select deleted, updated_idx, (select count(*) from jsonb_each(to_jsonb(t))"
                                    + " where value <> 'null' and key not like 'sync%' and key not like 'up%'"
                                    + " and key not in ('id', 'deleted')) from " + table
                                    + " t where id = 'never seen'"));
        }
        assertEquals(List.of(), process.bundle().deadLetters());
    }

    /** The lines that another worker has just committed are seen, and removed. */
    @Test
    void twoWorkersWithOneOrder() throws Exception {
        try (Connection other = process.target().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("""
                    insert into sequin.versions (collection, id, version, deleted) values ('shopify:order', 'o', 1, false);
                    insert into shopify.orders (id, updated_idx) values ('o', 1);
                    insert into shopify.order_line_items (order_id, id) values ('o', 1), ('o', 2)""");
            process.bundle()
                    .offer(TestRecord.of("shopify:order", "o", 2, "{\"line_items\": [{\"id\": 1}, {\"id\": 3}]}"));
            await().until(() -> !process.target()
                    .rows("select from pg_stat_activity"
                            + " where datname = current_database() and wait_event_type = 'Lock'")
                    .isEmpty());
            other.commit();
        }
        process.bundle().awaitDrained();
        assertEquals(
                List.of("1|1", "3|2"),
                process.target()
                        .rows("select id, position from shopify.order_line_items where order_id = 'o' order by id"));
    }

    /** What is shipped as an example is a copy, and stays one. */
    @Test
    void theShippedExamplesAreCopies() throws Exception {
        for (String name : List.of("stripe-subscription", "stripe-customer", "github-issue")) {
            for (String file : List.of(name + ".upsert.sql", name + ".camel.yaml")) {
                assertEquals(
                        Files.readString(Path.of("routes/collections", file)),
                        Files.readString(process.collections().resolve(file)));
            }
            String ddl = process.file("schema/" + name + ".sql");
            String shipped = Files.readString(Path.of("schema", name.replaceFirst("-.*", "") + ".sql"));
            assertTrue(shipped.contains(ddl.substring(ddl.indexOf("create table"))), ddl);
        }
    }
}
