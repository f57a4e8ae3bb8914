package io.github.sequinroutes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.template.PreparedRecords;
import io.github.sequinroutes.template.PreparedRecords.Rows;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A worker as Sequin's documents write it, with the same driver: some upserts at a time, each a transaction. */
final class DocumentedWorker implements Runnable {
    /** How it writes a batch; all of them await each upsert. */
    enum Manner {
        /** As in the documents: a client that gets a text and its values has the server parse it for each record. */
        ONE("documented, 1 upsert at a time", 1, "&prepareThreshold=0"),
        /** The best that could be made of it: as this driver does by default, the server keeps the parsed statement. */
        ONE_KEPT("the same, its statements kept by the server", 1, ""),
        EIGHT_KEPT("so kept, 8 upserts at a time", 8, "");

        private final String label;
        private final int atATime;
        private final String settings;

        Manner(String label, int atATime, String settings) {
            this.label = label;
            this.atATime = atATime;
            this.settings = settings;
        }

        /** Its name for a reader. */
        String label() {
            return label;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Testbed bed;
    private final String url;
    private final Manner manner;
    private final int batchSize;

    DocumentedWorker(Testbed bed, String consumer, Manner manner, int batchSize) {
        this.bed = bed;
        this.url = bed.serverUrl() + "/v1/http-consumers/" + consumer;
        this.manner = manner;
        this.batchSize = batchSize;
    }

    @Override
    public void run() {
        ExecutorService threads = Executors.newFixedThreadPool(manner.atATime);
        List<Connection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < manner.atATime; i++) {
                connections.add(bed.connect(manner.settings));
            }
            PreparedRecords prepared = new PreparedRecords(
                    connections.get(0),
                    bed.workload().routes().resolve("collections"),
                    bed.workload().collections());
            JsonNode messages = receive();
            while (!messages.isEmpty()) {
                upsert(messages, prepared, connections, threads);
                List<String> tokens = new ArrayList<>();
                messages.forEach(message -> tokens.add(message.get("ack_token").textValue()));
                call("ack", JSON.writeValueAsString(Map.of("ack_tokens", tokens)));
                messages = receive();
            }
            for (Connection connection : connections) {
                connection.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdown();
        }
    }

    private void upsert(
            JsonNode messages, PreparedRecords prepared, List<Connection> connections, ExecutorService threads)
            throws Exception {
        List<Callable<Void>> parts = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            int first = i;
            parts.add(() -> {
                for (int j = first; j < messages.size(); j += connections.size()) {
                    upsert(messages.get(j).toString(), prepared, connections.get(first));
                }
                return null;
            });
        }
        for (Future<Void> part : threads.invokeAll(parts)) {
            part.get();
        }
    }

    private static void upsert(String message, PreparedRecords prepared, Connection connection) throws SQLException {
        for (Rows rows : prepared.prepare(List.of(message))) {
            rows.executeEach(connection);
        }
    }

    private JsonNode receive() throws IOException, InterruptedException {
        return JSON.readTree(call("next", "{\"batch_size\": " + batchSize + "}"))
                .get("data");
    }

    private String call(String what, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/" + what))
                .header("Authorization", "Bearer " + BenchServer.TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }
}
