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
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes all batches from memory, a commit after each: the most that PostgreSQL lets anybody do who writes in that way. */
final class Ceiling implements AutoCloseable {
    /** How rows are written. */
    interface Way {
        /** The statement of the template for each row, as one batch. */
        Way STATEMENTS = rows -> connection -> rows.execute(connection, true);

        /** Makes the rows of a batch ready. */
        Write prepare(Rows rows) throws IOException;

        /** Makes a connection ready. */
        default void prepare(Connection connection) throws SQLException {}
    }

    /** Rows that are ready. */
    interface Write {
        /** Writes them, and does not commit. */
        void on(Connection connection) throws SQLException;
    }

    private final List<Connection> connections = new ArrayList<>();
    private final Queue<List<Write>> warmUp;
    private final Queue<List<Write>> measured;

    /** Makes the rows ready, and opens the connections. */
    Ceiling(Contenders on, Way way, int connectionCount, int batchSize) throws IOException, SQLException {
        for (int i = 0; i < connectionCount; i++) {
            Connection connection = on.connect("");
            way.prepare(connection);
            connection.setAutoCommit(false);
            connections.add(connection);
        }
        PreparedRecords prepared = on.workload().prepared(connections.get(0));
        connections.get(0).commit();
        Iterator<String> records = on.workload().records(on.size().records()).iterator();
        warmUp = batches(way, prepared, records, on.size().warmUp(), batchSize);
        measured = batches(way, prepared, records, on.size().measured(), batchSize);
        // they are old now: later collections do not copy them
        System.gc();
    }

    private static Queue<List<Write>> batches(
            Way way, PreparedRecords prepared, Iterator<String> records, int count, int batchSize)
            throws SQLException, IOException {
        Queue<List<Write>> batches = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < count; i += batchSize) {
            List<String> messages = new ArrayList<>();
            for (int j = i; j < Math.min(i + batchSize, count); j++) {
                messages.add("{\"ack_token\": \"t\", \"record\": " + records.next() + "}");
            }
            List<Write> batch = new ArrayList<>();
            for (Rows rows : prepared.prepare(messages)) {
                batch.add(way.prepare(rows));
            }
            batches.add(batch);
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

    /** Like workers, whoever is free takes the next batch. */
    private void write(Queue<List<Write>> batches) throws Exception {
        List<Callable<Void>> writers = new ArrayList<>();
        for (Connection connection : connections) {
            writers.add(() -> {
                for (List<Write> batch = batches.poll(); batch != null; batch = batches.poll()) {
                    for (Write rows : batch) {
                        rows.on(connection);
                        connection.commit();
                    }
                }
                return null;
            });
        }
        inParallel(writers);
    }

    /** Runs tasks, each in a thread of its own, until all are done. */
    static void inParallel(List<Callable<Void>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
