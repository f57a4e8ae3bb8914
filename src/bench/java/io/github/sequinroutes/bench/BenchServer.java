package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The stand-in server in a process of its own, with the records of a workload. Prints its URL, and then does what it
 * reads, line by line, until there is nothing more to read; see {@link ServerProcess}, its other end.
 */
final class BenchServer {
    static final String TOKEN = "bench-token";

    private static final int SMALL_ANSWER = 5;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final SandboxServer server = new SandboxServer(0, TOKEN);
    private final List<byte[]> records;

    private BenchServer(List<byte[]> records) throws IOException {
        this.records = records;
    }

    /** Arguments: the name of the workload, and how many records there are at most. */
    public static void main(String[] arguments) throws Exception {
        // the bytes alone, and shared by all consumers: what the server needs of the machine, the contenders lack
        List<byte[]> records = Workload.of(arguments[0])
                .records(Integer.parseInt(arguments[1]))
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toList();
        BenchServer bench = new BenchServer(records);
        System.out.println(bench.server.url());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            bench.perform(line.split(" ", -1));
        }
        bench.server.close();
    }

    private void perform(String[] words) {
        SandboxConsumer consumer = server.consumer(words[1], Duration.ofSeconds(60), 100_000);
        int first = Integer.parseInt(words[2]);
        int second = Integer.parseInt(words[3]);
        if (words[0].equals("drain")) {
            drain(consumer, first, second);
        } else {
            offerSlowly(consumer, first, second);
        }
    }

    private void drain(SandboxConsumer consumer, int count, int warmUp) {
        records.subList(0, count).forEach(consumer::offerAsIs);
        // the records are old now: later collections, of what the answers leave behind, do not copy them
        System.gc();
        // what a batch costs is compiled once it has been run some thousand times: in small ones that is soon
        consumer.answerAtMost(SMALL_ANSWER);
        System.out.println("ready");
        awaitLeft(consumer, count - warmUp / 6);
        consumer.answerAtMost(Integer.MAX_VALUE);
        int measured = awaitLeft(consumer, count - warmUp);
        long warm = System.nanoTime();
        System.out.println("warm");
        awaitLeft(consumer, 0);
        System.out.println("drained " + measured + " " + (System.nanoTime() - warm));
    }

    private void offerSlowly(SandboxConsumer consumer, int warmUp, int perSecond) {
        records.subList(0, warmUp).forEach(consumer::offerAsIs);
        System.gc();
        System.out.println("ready");
        awaitLeft(consumer, 0);
        OpenLoop loop = new OpenLoop(consumer, perSecond);
        loop.offer(records.subList(warmUp, records.size()).stream()
                .map(record -> new String(record, StandardCharsets.UTF_8))
                .toList());
        awaitLeft(consumer, 0);
        loop.print();
    }

    /**
     * Waits until no more than that are left, and returns how many are.
     * Ends the process if nothing moves: whoever waits for it then knows.
     */
    private static int awaitLeft(SandboxConsumer consumer, int most) {
        int before = Integer.MAX_VALUE;
        long movedAt = System.nanoTime();
        int now = consumer.left();
        for (; now > most; now = consumer.left()) {
            if (now < before) {
                before = now;
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > PATIENCE_NANOS) {
                System.out.println("stuck: " + now + " records are left, and none was acked for minutes");
                System.exit(1);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return now;
    }
}
