package io.github.sequinroutes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.template.PreparedRecords;
import io.github.sequinroutes.template.PreparedRecords.Rows;
import io.github.sequinroutes.testkit.ConsumeClient;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A worker as Sequin's documents write it, with the same driver: some upserts at a time, each a transaction. */
final class DocumentedWorker implements Callable<Void> {
    /** How it writes a batch; all of them await each upsert. */
    enum Mode {
        /** As in the documents: a client that gets a text and its values has the server parse it for each record. */
        ONE("documented, 1 upsert at a time", 1, "&prepareThreshold=0"),
        /** The best that could be made of it: as this driver does by default, the server keeps the parsed statement. */
        ONE_KEPT("the same, its statements kept by the server", 1, ""),
        EIGHT_KEPT("so kept, 8 upserts at a time", 8, "");

        /** Its name for a reader. */
        final String label;

        private final int atATime;
        private final String settings;

        Mode(String label, int atATime, String settings) {
            this.label = label;
            this.atATime = atATime;
            this.settings = settings;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Connection> connections = new ArrayList<>();
    private final Contenders on;
    private final ConsumeClient client;
    private final String consumer;
    private final Mode mode;
    private final int batchSize;

    DocumentedWorker(Contenders on, String consumer, Mode mode, int batchSize) {
        this.on = on;
        this.client = new ConsumeClient(on.server().url(), BenchServer.TOKEN);
        this.consumer = consumer;
        this.mode = mode;
        this.batchSize = batchSize;
    }

    /** Works until there is nothing left. */
    @Override
    public Void call() throws Exception {
        for (int i = 0; i < mode.atATime; i++) {
            connections.add(on.connect(mode.settings));
        }
        PreparedRecords prepared = on.workload().prepared(connections.get(0));
        for (JsonNode messages = receive(); !messages.isEmpty(); messages = receive()) {
            upsert(messages, prepared);
            client.ack(consumer, messages.findValuesAsText("ack_token"));
        }
        for (Connection connection : connections) {
            connection.close();
        }
        return null;
    }

    private JsonNode receive() throws IOException, InterruptedException {
        String request = "{\"batch_size\": " + batchSize + "}";
        return JSON.readTree(client.post(consumer + "/next", request).body()).get("data");
    }

    private void upsert(JsonNode messages, PreparedRecords prepared) throws Exception {
        List<Callable<Void>> parts = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            int first = i;
            parts.add(() -> {
                for (int j = first; j < messages.size(); j += connections.size()) {
                    String message = messages.get(j).toString();
                    for (Rows rows : prepared.prepare(List.of(message))) {
                        rows.execute(connections.get(first), false);
                    }
                }
                return null;
            });
        }
        Ceiling.inParallel(parts);
    }
}
