package io.github.sequinroutes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.testkit.ConsumeClient;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * What a senior engineer writes by hand for one table in an afternoon: receive a batch, keep the newest of each record, upsert
 * all of them, commit, ack. It knows its table, checks nothing and has no failures but the fatal.
 */
final class HandWrittenWorker implements Callable<Void> {
    /** How it upserts the records of a batch. */
    enum Upsert {
        /** As nearly everybody writes it. */
        STATEMENTS("a worker by hand, a batch of statements"),
        /** As who knows PostgreSQL well writes it. */
        ARRAYS("a worker by hand, one statement with arrays");

        /** Its name for a reader. */
        final String label;

        Upsert(String label) {
            this.label = label;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Contenders on;
    private final ConsumeClient client;
    private final String consumer;
    private final int columns;
    private final int batchSize;
    private final Upsert upsert;

    HandWrittenWorker(Contenders on, String consumer, int columns, int batchSize, Upsert upsert) {
        this.on = on;
        this.consumer = consumer;
        this.columns = columns;
        this.batchSize = batchSize;
        this.upsert = upsert;
        client = new ConsumeClient(on.server().url(), BenchServer.TOKEN);
    }

    /** Works until there is nothing left. */
    @Override
    public Void call() throws Exception {
        try (Connection connection = on.connect("")) {
            connection.setAutoCommit(false);
            for (JsonNode messages = receive(); !messages.isEmpty(); messages = receive()) {
                List<String> tokens = new ArrayList<>();
                // in the order of the keys, so that two workers wait for each other and do not deadlock
                TreeMap<String, JsonNode> newest = new TreeMap<>();
                for (JsonNode message : messages) {
                    tokens.add(message.get("ack_token").textValue());
                    JsonNode record = message.get("record");
                    newest.merge(
                            record.get("id").textValue(),
                            record,
                            (one, other) -> version(one) > version(other) ? one : other);
                }
                if (upsert == Upsert.ARRAYS) {
                    upsertArrays(connection, List.copyOf(newest.values()));
                } else {
                    upsertEach(connection, newest.values());
                }
                connection.commit();
                client.ack(consumer, tokens);
            }
        }
        return null;
    }

    private JsonNode receive() throws IOException, InterruptedException {
        try (InputStream body = client.open(consumer + "/next", "{\"batch_size\": " + batchSize + "}")
                .body()) {
            return JSON.readTree(body).get("data");
        }
    }

    private static long version(JsonNode record) {
        return record.get("updated_idx").longValue();
    }

    private void upsertEach(Connection connection, Iterable<JsonNode> records) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MemoryWay.values(columns + 2))) {
            for (JsonNode record : records) {
                statement.setString(1, record.get("id").textValue());
                statement.setLong(2, version(record));
                for (int column = 0; column < columns; column++) {
                    statement.setString(
                            column + 3, record.get("data").path("c" + column).textValue());
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private void upsertArrays(Connection connection, List<JsonNode> records) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MemoryWay.unnest(columns + 2))) {
            String[] texts = new String[records.size()];
            Long[] versions = new Long[texts.length];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = records.get(i).get("id").textValue();
                versions[i] = version(records.get(i));
            }
            statement.setArray(1, connection.createArrayOf("text", texts));
            statement.setArray(2, connection.createArrayOf("int8", versions));
            for (int column = 0; column < columns; column++) {
                String[] values = new String[texts.length];
                for (int i = 0; i < texts.length; i++) {
                    values[i] = records.get(i).get("data").path("c" + column).textValue();
                }
                statement.setArray(column + 3, connection.createArrayOf("text", values));
            }
            statement.executeUpdate();
        }
    }
}
