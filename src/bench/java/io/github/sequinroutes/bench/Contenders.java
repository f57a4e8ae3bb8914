package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.ServerProcess.Drained;
import java.io.IOException;
import java.time.Duration;

/** The three ways to get the same records into the same tables. */
final class Contenders {
    /** What is done to our process, given its ID. */
    interface Step {
        void on(long pid) throws IOException, InterruptedException;
    }

    private final Testbed bed;
    private final Step begin;
    private final Step warm;

    Contenders(Testbed bed) {
        this(bed, pid -> {}, pid -> {});
    }

    /** The same; does one thing to our process when it begins, and another once it is warm. */
    Contenders(Testbed bed, Step begin, Step warm) {
        this.bed = bed;
        this.begin = begin;
        this.warm = warm;
    }

    /** The standalone process: receive, write, ack. */
    Run ours(int workers, int batchSize) throws Exception {
        return ours(workers, workers, batchSize);
    }

    /** The same; no more than {@code writers} of the workers write at once. */
    Run ours(int workers, int writers, int batchSize) throws Exception {
        bed.database().reset(bed.workload());
        return oursOnto(workers, writers, batchSize);
    }

    /** The same, onto tables as they are. */
    Run oursOnto(int workers, int writers, int batchSize) throws Exception {
        try (Bundle bundle = new Bundle(bed, bed.server().offer(bed.size()), workers, writers, batchSize)) {
            begin.on(bundle.pid());
            bed.server().awaitWarm();
            warm.on(bundle.pid());
            Duration before = bundle.cpu();
            Drained drained = bed.server().awaitDrained();
            Duration cpu = bundle.cpu().minus(before);
            bed.database().checkDeadLetters();
            return bundle.run(drained, cpu);
        }
    }

    /** The same statements with the same values from memory, on as many connections. */
    Run ceiling(int connections, int batchSize) throws Exception {
        bed.database().reset(bed.workload());
        try (Ceiling ceiling = new Ceiling(bed, connections, batchSize)) {
            ceiling.warmUp();
            return Run.of(bed.size().measured(), ceiling.write());
        }
    }

    /** A worker as Sequin's documents write it: receive, one awaited upsert a record, ack the batch. */
    Run documented(int atATime, int batchSize) throws Exception {
        bed.database().reset(bed.workload());
        DocumentedWorker worker = new DocumentedWorker(bed, bed.server().offer(bed.size()), atATime, batchSize);
        Thread thread = new Thread(worker, "documented");
        thread.setDaemon(true);
        thread.start();
        bed.server().awaitWarm();
        Drained drained = bed.server().awaitDrained();
        thread.join();
        return Run.of(drained.records(), drained.time());
    }
}
