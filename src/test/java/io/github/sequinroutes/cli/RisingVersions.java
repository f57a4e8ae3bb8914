package io.github.sequinroutes.cli;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady load of customers in rising versions, 300 a second, and how long each version waits for a row that has it or a newer one:
 * the table is looked at time and again, so the waits are those that whoever reads it sees. Thread-safe.
 */
final class RisingVersions {
    private static final int KEYS = 300;
    private static final int PER_TICK = 15;
    private static final int BACKLOG = 1_000;
    private static final int ONCE_OF_100 = 25;
    private static final int OLD_OF_100 = 5;
    private static final int DELETED_OF_100 = 10;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private record Version(long number, boolean deleted, long since) {
        String row(String id) {
            return id + "|" + number + "|" + (deleted ? "t|~" : "f|" + number);
        }
    }

    private final SandboxConsumer consumer;
    private final TestDatabase database;
    private final Random random;
    private final Map<String, Version> newest = new TreeMap<>();
    private final Map<String, Deque<Version>> waiting = new HashMap<>();
    private final Thread thread = new Thread(this::run, "rising-versions");
    private int offered;
    private long longestNanos;
    private volatile boolean isStopped;
    private volatile Exception failure; // or null

    /** A load that {@link #start} begins. */
    RisingVersions(SandboxConsumer consumer, TestDatabase database, long seed) {
        this.consumer = consumer;
        this.database = database;
        random = new Random(seed);
    }

    RisingVersions start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (!isStopped) {
                long begin = System.nanoTime();
                // a machine that cannot keep up has a smaller load: a queue that grows would be all that is measured
                int room = Math.min(PER_TICK, BACKLOG - consumer.left());
                for (int i = 0; i < room; i++) {
                    offer();
                }
                look();
                LockSupport.parkNanos(begin + TICK_NANOS - System.nanoTime());
            }
        } catch (SQLException | RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void offer() {
        // of those that come but once no newer version ends the wait
        String id = random.nextInt(100) < ONCE_OF_100 ? "once-" + offered : "c" + random.nextInt(KEYS);
        Version known = newest.get(id);
        offered++;
        if (known != null && known.number > 1 && random.nextInt(100) < OLD_OF_100) {
            // late: whoever writes it makes the row stale; an older one, for of two that are equal the last one stays
            consumer.offerAsIs(record(id, 1 + random.nextLong(known.number - 1), false));
            return;
        }
        boolean isDeleted = random.nextInt(100) < DELETED_OF_100;
        Version version = new Version(known == null ? 1 : known.number + 1, isDeleted, System.nanoTime());
        newest.put(id, version);
        waiting.computeIfAbsent(id, key -> new ArrayDeque<>()).add(version);
        String record = record(id, version.number, isDeleted);
        if (random.nextBoolean()) {
            consumer.offer(id, record);
        } else {
            consumer.offerAsIs(record); // several versions of a customer in flight at once
        }
    }

    private static String record(String id, long version, boolean isDeleted) {
        return TestRecord.of("stripe:customer", id, version, isDeleted, "{\"balance\": " + version + "}");
    }

    /** Looks which versions are written by now. */
    void look() throws SQLException {
        List<String> rows = database.rows(
                "select id, updated_idx from stripe.customers where id in ('" + String.join("', '", waiting()) + "')");
        synchronized (this) {
            for (String row : rows) {
                int end = row.indexOf('|');
                String id = row.substring(0, end);
                long written = Long.parseLong(row.substring(end + 1));
                Deque<Version> some = waiting.get(id);
                while (!some.isEmpty() && some.peek().number <= written) {
                    noteWait(some.remove());
                }
                if (some.isEmpty()) {
                    waiting.remove(id);
                }
            }
        }
    }

    private synchronized Set<String> waiting() {
        return Set.copyOf(waiting.keySet());
    }

    private void noteWait(Version version) {
        longestNanos = Math.max(longestNanos, System.nanoTime() - version.since);
    }

    /** The longest wait since it was last asked, of those included that wait yet. */
    synchronized Duration takeLongestWait() {
        waiting.values().forEach(some -> noteWait(some.peek()));
        Duration longest = Duration.ofNanos(longestNanos);
        longestNanos = 0;
        return longest;
    }

    /** How many records it has offered. */
    synchronized int offered() {
        return offered;
    }

    /** What the rows must be in the end: ID, version, whether it is deleted, and the balance unless it is. */
    synchronized List<String> rows() {
        List<String> rows = new ArrayList<>();
        newest.forEach((id, version) -> rows.add(version.row(id)));
        return rows;
    }

    /** What the rows are. */
    List<String> found() throws SQLException {
        return database.rows("select id, updated_idx, deleted, case when not deleted then balance end"
                + " from stripe.customers order by id collate \"C\"");
    }

    /** Ends the load; what it has offered is waited for no longer. */
    void stop() throws InterruptedException {
        isStopped = true;
        thread.join();
        if (failure != null) {
            throw new AssertionError("the load has ended by itself", failure);
        }
    }
}
