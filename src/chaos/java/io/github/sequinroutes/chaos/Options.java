package io.github.sequinroutes.chaos;

import java.nio.file.Path;
import java.time.Duration;

/** How large a run is, from {@code -Dchaos.*}. */
record Options(
        Api api,
        long seed,
        int records,
        int keys,
        int unknown,
        int perSecond,
        int backlog,
        int batchSize,
        Duration ackWait,
        Duration drain,
        Path project,
        Path folder) {

    static Options of(Path project) {
        return new Options(
                Api.of(System.getProperty("chaos.api", "consume")),
                Long.getLong("chaos.seed", System.nanoTime() & 0xffffff),
                Integer.getInteger("chaos.records", 230_000),
                Integer.getInteger("chaos.keys", 20_000),
                Integer.getInteger("chaos.unknown", 50),
                Integer.getInteger("chaos.rate", 2_000),
                Integer.getInteger("chaos.backlog", 4_000),
                Integer.getInteger("chaos.batch-size", 300),
                Duration.ofMillis(Integer.getInteger("chaos.ack-wait", 3_000)),
                Duration.ofSeconds(Integer.getInteger("chaos.drain", 180)),
                project,
                project.resolve("target/chaos"));
    }
}
