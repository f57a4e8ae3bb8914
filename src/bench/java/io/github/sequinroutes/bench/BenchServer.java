package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The stand-in server with the records of a workload: offers them, and sees how far the acks have come. */
final class BenchServer implements AutoCloseable {
    /** When a record was offered and when it was acked, in microseconds since 1970, as PostgreSQL notes commits. */
    record Times(String record, long offered, long acked) {}

    /** How many records were acked, in which time. */
    record Drained(int records, Duration time) {}

    static final String TOKEN = "bench-token";

    private static final int SMALL_RESPONSE = 5;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final SandboxServer server = new SandboxServer(0, TOKEN);
    private final List<byte[]> records;
    private int consumers;
    private SandboxConsumer consumer;
    private Size offered;
    private int leftWhenWarm;
    private long warmSince;

    BenchServer(Workload workload, int count) throws IOException {
        // the bytes alone, and shared by all consumers: what the server needs of the machine, the contenders lack
        records = workload.records(count)
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    String url() {
        return server.url();
    }

    /** Offers the first records to a new consumer, and returns its ID. */
    String offer(Size size) {
        String id = "bench-" + ++consumers;
        offered = size;
        consumer = server.consumer(id, Duration.ofSeconds(60), 100_000);
        records.subList(0, size.records()).forEach(consumer::offerAsIs);
        // what a batch costs is compiled once it has been run some thousand times: in small ones that is soon
        consumer.answerAtMost(SMALL_RESPONSE);
        // the records are old now: later collections, of what the responses leave behind, do not copy them
        System.gc();
        return id;
    }

    /** Waits until the records for warming up have been acked. */
    void awaitWarm() {
        awaitLeft(offered.records() - offered.warmUp() / 6);
        consumer.answerAtMost(Integer.MAX_VALUE);
        leftWhenWarm = awaitLeft(offered.measured());
        warmSince = System.nanoTime();
    }

    /** Waits until all others have been acked; how many those were, and how long it took. */
    Drained awaitDrained() {
        awaitLeft(0);
        return new Drained(leftWhenWarm, Duration.ofNanos(System.nanoTime() - warmSince));
    }

    /** Offers the records behind those at fixed times, whatever becomes of those before, and awaits their acks. */
    List<Times> offerSlowly(int perSecond) {
        Map<String, Long> acked = new ConcurrentHashMap<>();
        consumer.observeAcks(batch -> {
            long now = micros();
            batch.forEach(record -> acked.put(record, now));
        });
        Map<String, Long> offeredAt = new LinkedHashMap<>();
        long due = System.nanoTime();
        for (byte[] bytes : records.subList(offered.records(), records.size())) {
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            String record = new String(bytes, StandardCharsets.UTF_8);
            offeredAt.put(record, micros());
            consumer.offerAsIs(record);
            due += TimeUnit.SECONDS.toNanos(1) / perSecond;
        }
        awaitLeft(0);
        return offeredAt.entrySet().stream()
                .map(one -> new Times(one.getKey(), one.getValue(), acked.get(one.getKey())))
                .toList();
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** Waits until no more than that are left, and returns how many are. */
    private int awaitLeft(int most) {
        int before = Integer.MAX_VALUE;
        long movedAt = System.nanoTime();
        int now = consumer.left();
        for (; now > most; now = consumer.left()) {
            if (now < before) {
                before = now;
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > PATIENCE_NANOS) {
                throw new IllegalStateException(now + " records are left, and none was acked for minutes");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return now;
    }

    @Override
    public void close() {
        server.close();
    }
}
