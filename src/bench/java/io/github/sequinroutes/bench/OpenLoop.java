package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Offers records at fixed times, whatever becomes of those before, and notes when each was offered and when it was
 * acked, in microseconds since 1970: PostgreSQL notes commits by the same clock.
 */
final class OpenLoop {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    private final Map<String, Long> offered = new LinkedHashMap<>();
    private final Map<String, Long> acked = new ConcurrentHashMap<>();
    private final SandboxConsumer consumer;
    private final int perSecond;

    OpenLoop(SandboxConsumer consumer, int perSecond) {
        this.consumer = consumer;
        this.perSecond = perSecond;
        consumer.observeAcks(records -> {
            long now = micros();
            records.forEach(record -> acked.put(record, now));
        });
    }

    /** Offers them, and returns when the last has been offered. */
    void offer(List<String> records) {
        long begin = System.nanoTime();
        for (int i = 0; i < records.size(); i++) {
            long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            String record = records.get(i);
            offered.put(record, micros());
            consumer.offerAsIs(record);
        }
    }

    /** Prints the ID of each record with its two times. */
    void print() {
        offered.forEach((record, time) -> {
            Matcher id = ID.matcher(record);
            if (id.find()) {
                System.out.printf("record %s %d %d%n", id.group(1), time, acked.get(record));
            }
        });
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
