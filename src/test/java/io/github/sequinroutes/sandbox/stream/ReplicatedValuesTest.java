package io.github.sequinroutes.sandbox.stream;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.sequin.Recording;
import io.github.sequinroutes.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the sandbox makes of real changes of a real database is what the real server was recorded to make of them. */
@Tag("long")
class ReplicatedValuesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RECORDINGS = Path.of("src/test/resources/stream-recordings");
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static PostgresServer postgres;

    private final StreamServer server = new StreamServer(0, "token");
    private StreamSource source;
    private Connection connection;

    ReplicatedValuesTest() throws IOException {}

    @BeforeAll
    static void start() throws IOException {
        postgres = new PostgresServer(
                Map.of("wal_level", "logical", "max_replication_slots", "20", "max_wal_senders", "20"));
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void open() throws SQLException, IOException {
        String database = "source" + COUNT.incrementAndGet();
        try (Connection admin = postgres.connect();
                Statement statement = admin.createStatement()) {
            statement.execute("create database " + database);
        }
        connection = DriverManager.getConnection(postgres.url(database));
        execute(Files.readString(RECORDINGS.resolve("tables.sql")));
        source = new StreamSource(server, postgres.url(database));
    }

    @AfterEach
    void close() throws SQLException, IOException {
        source.close();
        server.close();
        connection.close();
    }

    private StreamSink sink(String... tables) {
        return server.sink(
                "sink", SinkOptions.defaults().withTables(Set.of(tables)).ungrouped());
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All that a sink has, in order. */
    private List<JsonNode> received(StreamSink sink) throws Exception {
        assertTrue(source.catchUp(20_000), String.valueOf(source.cause()));
        List<JsonNode> messages = new ArrayList<>();
        for (StreamSink.Delivery delivery : sink.receive(1000, Duration.ZERO)) {
            messages.add(JSON.readTree(delivery.message().json()));
            sink.ack(List.of(delivery.ackId()));
        }
        return messages;
    }

    private List<JsonNode> receivedAfter(StreamSink sink, String sql) throws Exception {
        execute(sql);
        return received(sink);
    }

    /** All messages of the answers in a recording, in order. */
    private static List<JsonNode> recorded(String file) throws IOException {
        List<JsonNode> messages = new ArrayList<>();
        for (Recording exchange : Recording.of(file)) {
            if (exchange.isReceive() && exchange.status() == 200) {
                JSON.readTree(exchange.body()).get("data").forEach(item -> messages.add(item.get("data")));
            }
        }
        return messages;
    }

    private static void assertSameRecords(List<JsonNode> recorded, List<JsonNode> received) {
        Map<String, JsonNode> expected = byKey(recorded);
        Map<String, JsonNode> actual = byKey(received);
        assertEquals(expected.keySet(), actual.keySet());
        assertAll(expected.keySet().stream().map(key -> () -> assertEquals(expected.get(key), actual.get(key), key)));
    }

    private static Map<String, JsonNode> byKey(List<JsonNode> messages) {
        Map<String, JsonNode> values = new TreeMap<>();
        for (JsonNode message : messages) {
            String id = message.get("metadata").get("record_pks").get(0).textValue();
            for (Iterator<String> names = message.get("record").fieldNames(); names.hasNext(); ) {
                String name = names.next();
                values.put(id + "." + name, message.get("record").get(name));
            }
        }
        return values;
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    @Test
    void aChangeHasTheRecordedJsonOfEachType() throws Exception {
        StreamSink sink = sink("public.all_types");
        assertSameRecords(
                recorded("10-types-cdc.http"), receivedAfter(sink, Files.readString(RECORDINGS.resolve("rows.sql"))));
    }

    @Test
    void oddValuesHaveTheirRecordedJson() throws Exception {
        StreamSink sink = sink("public.all_types");
        List<JsonNode> received = receivedAfter(
                sink,
                "insert into all_types (id, c_text_arr, c_jsonb_arr)"
                        + " values (51, array[E'a\\nb', 'NULL', '\\\\x', '{}', 'é'], array['{\"a\": \"x,\\\"y\"}'::jsonb]);"
                        + "insert into all_types (id, c_text, c_varchar, c_json)"
                        + " values (52, 'unchanged_toast', 'unchanged_toast', '\"unchanged_toast\"');"
                        + "insert into all_types (id, c_interval, c_timetz, c_tstz)"
                        + " values (53, '1.5 hours ago', '10:00-03', '2024-03-10 02:30-05')");
        assertSameRecords(recorded("79-odd-values.http"), received);
    }

    @Test
    void aReadHasTheRecordedJsonOfEachType() throws Exception {
        execute(Files.readString(RECORDINGS.resolve("rows.sql")));
        // the real server cannot read the time 24:00:00
        execute("update all_types set c_time = '23:59:59.999999' where id = 3");
        assertTrue(source.catchUp(20_000));
        StreamSink sink = sink("public.all_types");
        assertEquals(3, source.backfill(sink, "public", "all_types"));

        List<JsonNode> received = received(sink);
        assertSameRecords(
                recorded("41-backfill-read.http").stream()
                        .filter(message -> message.get("action").textValue().equals("read"))
                        .toList(),
                received);
        JsonNode metadata = received.get(0).get("metadata");
        assertTrue(
                metadata.get("commit_lsn").isNull()
                        && metadata.get("commit_idx").isNull(),
                metadata.toString());
        assertTrue(received.get(0).get("changes").isNull());
    }

    @Test
    void aMessageHasTheRecordedFields() throws Exception {
        JsonNode recorded = recorded("02-insert.http").get(0);
        JsonNode received = receivedAfter(
                        sink("public.products"),
                        "insert into products values (77, 'Ada', 12.50, 3, '2025-03-01 10:00Z')")
                .get(0);

        assertEquals(names(recorded), names(received));
        assertEquals(recorded.get("record"), received.get("record"));
        assertEquals(
                recorded.get("metadata").get("record_pks"),
                received.get("metadata").get("record_pks"));
        assertEquals(names(recorded.get("metadata")), names(received.get("metadata")));
        for (String object : List.of("database", "consumer")) {
            assertEquals(
                    names(recorded.get("metadata").get(object)),
                    names(received.get("metadata").get(object)));
        }
        assertTrue(received.get("metadata").get("commit_timestamp").textValue().matches("[0-9T:-]{19}\\.\\d{6}Z"));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void changesOfATransactionShareItsPositionAndAreNumbered() throws Exception {
        List<JsonNode> received = receivedAfter(
                sink(),
                "begin; insert into products (id) values (1), (2); update products set qty = 1 where id = 2;"
                        + " delete from products where id = 1; insert into nopk values (1); commit");
        List<String> indexes = new ArrayList<>();
        for (JsonNode message : received) {
            indexes.add(
                    message.get("action").textValue() + message.get("metadata").get("commit_idx"));
            assertEquals(
                    received.get(0).get("metadata").get("commit_lsn"),
                    message.get("metadata").get("commit_lsn"));
        }
        assertEquals(List.of("insert0", "insert1", "update2", "delete3", "insert4"), indexes);
    }

    @Test
    void changesOfARowWithDefaultIdentity() throws Exception {
        StreamSink sink = sink("public.products");
        execute("insert into products values (77, 'Ada', 12.50, 3, '2025-03-01 10:00Z')");
        received(sink);
        List<JsonNode> received =
                receivedAfter(sink, "update products set price = 13, qty = 4; delete from products where id = 77");
        assertEquals(
                recorded("03-update-default-identity.http").get(0).get("record"),
                received.get(0).get("record"));
        assertEquals(json("{}"), received.get(0).get("changes"));
        List<JsonNode> recorded = recorded("07-newer-change-withheld-until-ack.http");
        assertEquals(
                recorded.get(recorded.size() - 1).get("record"), received.get(1).get("record"));
        assertTrue(received.get(1).get("changes").isNull());
    }

    @Test
    void changesOfARowWithFullIdentity() throws Exception {
        List<JsonNode> received = receivedAfter(
                sink("public.full_items"),
                "insert into full_items values (1, 'a', 5, 'x'); begin; update full_items set qty = 6; commit; begin;"
                        + " update full_items set qty = 6; commit; begin; delete from full_items; commit");
        List<JsonNode> recorded = recorded("05-full-identity.http");
        assertEquals(recorded.size(), received.size());
        for (int i = 0; i < recorded.size(); i++) {
            for (String field : List.of("action", "record", "changes")) {
                assertEquals(recorded.get(i).get(field), received.get(i).get(field));
            }
        }
    }

    private static final String LONG_TEXT = "(select string_agg(md5(i::text), '') from generate_series(1, 400) i)";

    @Test
    void aLongTextThatDidNotChangeIsNotSentWithDefaultIdentity() throws Exception {
        StreamSink sink = sink("public.toast_default");
        execute("insert into toast_default values (1, 'a', " + LONG_TEXT + ")");
        assertEquals(
                12_800,
                received(sink).get(0).get("record").get("big").textValue().length());
        JsonNode update =
                receivedAfter(sink, "update toast_default set name = 'b'").get(0);
        assertEquals(json("{\"big\":\"unchanged_toast\",\"id\":1,\"name\":\"b\"}"), update.get("record"));
    }

    @Test
    void aLongTextThatDidNotChangeIsSentWithFullIdentity() throws Exception {
        StreamSink sink = sink("public.full_items");
        execute("insert into full_items values (1, 'a', 5, " + LONG_TEXT + ")");
        received(sink);
        JsonNode update = receivedAfter(sink, "update full_items set qty = 6").get(0);
        assertEquals(12_800, update.get("record").get("big").textValue().length());
        assertEquals(json("{\"qty\":5}"), update.get("changes"));
    }

    @Test
    void aChangeOfTheKeyIsAnUpdateWithTheNewKey() throws Exception {
        StreamSink sink = sink();
        execute("insert into products (id) values (200); insert into full_items (id) values (50)");
        received(sink);
        List<JsonNode> received = receivedAfter(sink, "update products set id = 201; update full_items set id = 51");
        assertEquals(json("[\"201\"]"), received.get(0).get("metadata").get("record_pks"));
        assertEquals(json("{}"), received.get(0).get("changes"));
        assertEquals(json("[\"51\"]"), received.get(1).get("metadata").get("record_pks"));
        assertEquals(json("{\"id\":50}"), received.get(1).get("changes"));
    }

    @Test
    void aCompositeKeyIsInTheOrderOfTheColumns() throws Exception {
        StreamSink sink = sink("public.two_keys");
        execute("insert into two_keys values (7, 'k', 'v')");
        List<JsonNode> received = received(sink);
        JsonNode recorded = recorded("15-composite-key.http").get(0);
        assertEquals(recorded.get("record"), received.get(0).get("record"));
        assertEquals(
                recorded.get("metadata").get("record_pks"),
                received.get(0).get("metadata").get("record_pks"));
        List<JsonNode> deleted = receivedAfter(sink, "delete from two_keys");
        assertEquals(
                json("{\"code\":\"k\",\"tenant\":7,\"v\":null}"), deleted.get(0).get("record"));
    }

    @Test
    void aTableWithoutAKeyHasNoGroups() throws Exception {
        StreamSink sink = server.sink("grouped", SinkOptions.defaults());
        List<JsonNode> received = receivedAfter(
                sink, "insert into nopk values (1, 'a'), (1, 'a'); update nopk set b = 'b'; delete from nopk");
        assertEquals(6, received.size());
        assertEquals(json("[]"), received.get(0).get("metadata").get("record_pks"));
    }

    @Test
    void truncatesAndAlteredTables() throws Exception {
        StreamSink sink = sink("public.toast_default");
        List<JsonNode> received = receivedAfter(
                sink,
                "insert into toast_default values (1); begin; truncate toast_default; commit; begin;"
                        + " alter table toast_default add extra int; commit; begin;"
                        + " insert into toast_default values (2, 'x', 'y', 7); commit; begin;"
                        + " alter table toast_default rename name to title; commit; begin;"
                        + " insert into toast_default values (3); commit");
        assertEquals(3, received.size());
        assertEquals(
                json("{\"big\":\"y\",\"extra\":7,\"id\":2,\"name\":\"x\"}"),
                received.get(1).get("record"));
        assertEquals(
                json("{\"big\":null,\"extra\":null,\"id\":3,\"title\":null}"),
                received.get(2).get("record"));
    }

    @Test
    void aPartitionsRowsComeUnderTheNameOfItsRoot() throws Exception {
        assumeTrue(connection.getMetaData().getDatabaseMajorVersion() > 12, "it cannot publish the root");
        execute("create table parts (id int, region text, v text, primary key (id, region)) partition by list (region);"
                + "create table parts_eu partition of parts for values in ('eu');"
                + "create table parts_us partition of parts for values in ('us')");
        List<JsonNode> received = receivedAfter(
                sink("public.parts"),
                "insert into parts values (1, 'eu', 'a'); begin; update parts set region = 'us'; commit");
        assertEquals(3, received.size());
        received.forEach(message ->
                assertEquals("parts", message.get("metadata").get("table_name").textValue()));
    }

    @Test
    void anArrayWithALowerBoundHaltsTheReplication() throws Exception {
        StreamSink sink = sink("public.all_types");
        execute("insert into all_types (id, c_int_arr) values (1, '[0:1]={1,2}')");
        execute("insert into all_types (id) values (2)");
        assertFalse(source.catchUp(20_000));
        assertTrue(
                source.cause().getMessage().contains("[0:1]={1,2}"),
                source.cause().getMessage());
        assertEquals(0, sink.left());
    }

    @Test
    void aReadOfARowThatChangesMeanwhileIsLeftOut() throws Exception {
        execute("insert into products (id) values (1), (2)");
        assertTrue(source.catchUp(20_000));
        StreamSink sink = sink("public.products");
        sink.watchChanges(); // as a backfill that has not ended yet
        execute("update products set qty = 1 where id = 2");
        assertTrue(source.catchUp(20_000));
        source.backfill(sink, "public", "products");
        List<String> actions = new ArrayList<>();
        for (JsonNode message : received(sink)) {
            actions.add(
                    message.get("action").textValue() + message.get("metadata").get("record_pks"));
        }
        assertEquals(List.of("update[\"2\"]", "read[\"1\"]"), actions);
    }
}
