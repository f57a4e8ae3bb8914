package io.github.sequinroutes.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The process with the stand-in server: tells it what to offer, and hears how far the acks have come. */
final class ServerProcess implements AutoCloseable {
    /** When a record was offered and when it was acked, in microseconds since 1970. */
    record Times(String id, long offered, long acked) {}

    /** How many records were acked once the process was warm, and in what time. */
    record Drained(int records, Duration time) {}

    private final Child child;
    private final String url;
    private int consumers;

    /** Starts it with so many records of a workload. */
    ServerProcess(Workload workload, int records) throws IOException {
        // one thread to collect garbage, and seldom: the server shares the cores with what is measured
        child = new Child(new ProcessBuilder(
                        Child.jdk("java"),
                        "-XX:+UseSerialGC",
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchServer.class.getName(),
                        workload.name(),
                        Integer.toString(records))
                .redirectError(Redirect.INHERIT));
        url = child.awaitLine("http");
    }

    String url() {
        return url;
    }

    /** Offers the records to a new consumer, and returns its ID. */
    String offer(Size size) throws IOException {
        String consumer = newConsumer();
        child.send("drain %s %d %d".formatted(consumer, size.records(), size.warmUp()));
        child.awaitLine("ready");
        return consumer;
    }

    /** Waits until the records for warming up have been acked. */
    void awaitWarm() throws IOException {
        child.awaitLine("warm");
    }

    /** Waits until all records have been acked. */
    Drained awaitDrained() throws IOException {
        String[] words = child.awaitLine("drained").split(" ", -1);
        return new Drained(Integer.parseInt(words[1]), Duration.ofNanos(Long.parseLong(words[2])));
    }

    /**
     * Offers the records for warming up to a new consumer, and when they have been acked the others, one after the
     * other at fixed times. Returns the consumer's ID.
     */
    String offerSlowly(int warmUp, int perSecond) throws IOException {
        String consumer = newConsumer();
        child.send("slow %s %d %d".formatted(consumer, warmUp, perSecond));
        child.awaitLine("ready");
        return consumer;
    }

    /** Waits until all of those have been acked, and returns their times in the order in which they were offered. */
    List<Times> awaitTimes(int count) throws IOException {
        List<Times> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String[] words = child.awaitLine("record").split(" ", -1);
            times.add(new Times(words[1], Long.parseLong(words[2]), Long.parseLong(words[3])));
        }
        return times;
    }

    private String newConsumer() {
        return "bench-" + ++consumers;
    }

    @Override
    public void close() {
        child.close();
    }
}
