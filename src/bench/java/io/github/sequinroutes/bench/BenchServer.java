package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The stand-in server in a process of its own. Prints its URL, then {@code warm} when a part of the records has been
 * acked, and {@code drained} with the milliseconds since then when all have.
 */
final class BenchServer {
    static final String TOKEN = "bench-token";
    static final String CONSUMER = "bench";

    private BenchServer() {}

    /** Arguments: how many records there are, and how many of them are for warming up. */
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        int warmUp = Integer.parseInt(arguments[1]);
        try (SandboxServer server = new SandboxServer(0, TOKEN)) {
            SandboxConsumer consumer = server.consumer(CONSUMER, Duration.ofSeconds(60), 100_000);
            BenchRecords.of(count).forEach(consumer::offerAsIs);
            System.out.println(server.url());
            awaitLeft(consumer, count - warmUp);
            long warm = System.nanoTime();
            System.out.println("warm");
            awaitLeft(consumer, 0);
            System.out.println("drained " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - warm));
            System.in.read(); // until the harness has seen what it wants
        }
    }

    private static void awaitLeft(SandboxConsumer consumer, int left) {
        while (consumer.left() > left) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
