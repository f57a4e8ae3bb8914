package io.github.sequinroutes.bench;

import io.github.sequinroutes.template.PreparedRecords;
import io.github.sequinroutes.template.PreparedRecords.Rows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes the statements of all batches from memory, a commit after each: the most that PostgreSQL lets anybody do. */
final class Ceiling implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private final List<List<Rows>> warmUp;
    private final List<List<Rows>> measured;

    /** Makes the statements, and opens the connections. */
    Ceiling(Testbed bed, int connectionCount, int batchSize) throws IOException, SQLException {
        for (int i = 0; i < connectionCount; i++) {
            Connection connection = bed.connect();
            connection.setAutoCommit(false);
            connections.add(connection);
        }
        PreparedRecords prepared = new PreparedRecords(
                connections.get(0),
                bed.workload().routes().resolve("collections"),
                bed.workload().collections());
        connections.get(0).commit();
        Iterator<String> records = bed.workload().records(bed.size().records()).iterator();
        warmUp = batches(prepared, records, bed.size().warmUp(), batchSize);
        measured = batches(prepared, records, bed.size().measured(), batchSize);
    }

    private static List<List<Rows>> batches(
            PreparedRecords prepared, Iterator<String> records, int count, int batchSize) throws SQLException {
        List<List<Rows>> batches = new ArrayList<>();
        for (int i = 0; i < count; i += batchSize) {
            List<String> messages = new ArrayList<>();
            for (int j = i; j < Math.min(i + batchSize, count); j++) {
                messages.add("{\"ack_token\": \"t\", \"record\": " + records.next() + "}");
            }
            batches.add(prepared.prepare(messages));
        }
        return batches;
    }

    /** Writes the first records. */
    void warmUp() throws Exception {
        write(warmUp);
    }

    /** Writes the others, and returns how long it took. */
    Duration write() throws Exception {
        long begin = System.nanoTime();
        write(measured);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void write(List<List<Rows>> batches) throws Exception {
        Iterator<List<Rows>> left = batches.iterator();
        List<Callable<Void>> writers = new ArrayList<>();
        for (Connection connection : connections) {
            writers.add(() -> {
                for (List<Rows> batch = next(left); batch != null; batch = next(left)) {
                    for (Rows rows : batch) {
                        rows.execute(connection);
                        connection.commit();
                    }
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(writers.size());
        try {
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** The next batch, or null: like workers, whoever is free takes it. */
    private static List<Rows> next(Iterator<List<Rows>> left) {
        synchronized (left) {
            return left.hasNext() ? left.next() : null;
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
