package io.github.sequinroutes.bench;

import io.github.sequinroutes.bind.PreparedRecords;
import io.github.sequinroutes.bind.PreparedRecords.Rows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The three ways to get the same records into the same tables. */
final class Contenders {
    private final BenchDatabase database;
    private final int records;
    private final int warmUp;

    Contenders(BenchDatabase database, int records) {
        this.database = database;
        this.records = records;
        this.warmUp = records / 3;
    }

    /** The standalone process, from the server's first answer to its last ack. */
    Result ours(int workers, int batchSize) throws IOException, SQLException {
        database.reset();
        try (Child server = server()) {
            String url = server.awaitLine("http");
            Map<String, String> environment = Map.of(
                    "SEQUIN_URL",
                    url,
                    "SEQUIN_CONSUMER",
                    BenchServer.CONSUMER,
                    "SEQUIN_TOKEN",
                    BenchServer.TOKEN,
                    "SEQUIN_WORKERS",
                    Integer.toString(workers),
                    "SEQUIN_BATCH_SIZE",
                    Integer.toString(batchSize),
                    "POSTGRES_URL",
                    database.url());
            List<String> options = List.of("-Xmx256m", "-Dlog4j2.configurationFile=classpath:log4j2.properties");
            try (Child process = new Child(environment, options, "io.github.sequinroutes.command.Cli").drainOutput()) {
                server.awaitLine("warm");
                Duration cpu = process.cpu();
                double millis = millis(server.awaitLine("drained"));
                double cpuMicros = process.cpu().minus(cpu).toNanos() / 1000.0 / (records - warmUp);
                return new Result("ours", workers, batchSize, rate(millis), cpuMicros, process.peakMegabytes());
            }
        }
    }

    /** The same statements from memory. */
    Result ceiling(int connections, int batchSize) throws Exception {
        database.reset();
        List<List<Rows>> batches = new ArrayList<>();
        try (Connection connection = database.connect()) {
            PreparedRecords prepared = new PreparedRecords(connection);
            List<String> messages = BenchRecords.of(records).stream()
                    .map(record -> "{\"ack_token\": \"t\", \"record\": " + record + "}")
                    .toList();
            for (int i = 0; i < messages.size(); i += batchSize) {
                batches.add(prepared.prepare(messages.subList(i, Math.min(i + batchSize, messages.size()))));
            }
        }
        int warm = batches.size() / 3;
        write(batches.subList(0, warm), connections);
        long begin = System.nanoTime();
        write(batches.subList(warm, batches.size()), connections);
        double millis = (System.nanoTime() - begin) / 1e6;
        return new Result("ceiling", connections, batchSize, rate(millis), 0, 0);
    }

    private void write(List<List<Rows>> batches, int connections) throws Exception {
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int first = i;
            writers.add(() -> {
                try (Connection connection = database.connect()) {
                    connection.setAutoCommit(false);
                    for (int batch = first; batch < batches.size(); batch += connections) {
                        for (Rows rows : batches.get(batch)) {
                            rows.execute(connection);
                            connection.commit();
                        }
                    }
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** A worker as the documents write it: receive, one awaited upsert a record, ack the batch. */
    Result documented(int atATime, int batchSize) throws Exception {
        database.reset();
        try (Child server = server()) {
            DocumentedWorker worker = new DocumentedWorker(database, server.awaitLine("http"), atATime, batchSize);
            Thread thread = new Thread(worker, "documented");
            thread.setDaemon(true);
            thread.start();
            server.awaitLine("warm");
            double millis = millis(server.awaitLine("drained"));
            thread.join();
            return new Result("documented, " + atATime + " at a time", 1, batchSize, rate(millis), 0, 0);
        }
    }

    private Child server() throws IOException {
        return new Child(
                Map.of(),
                List.of("-Xmx1g"),
                BenchServer.class.getName(),
                Integer.toString(records),
                Integer.toString(warmUp));
    }

    private static double millis(String drained) {
        return Double.parseDouble(drained.substring(drained.indexOf(' ') + 1));
    }

    private double rate(double millis) {
        return (records - warmUp) / millis * 1000;
    }
}
