package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.ServerProcess.Drained;
import java.io.IOException;
import java.time.Duration;

/** The three ways to get the same records into the same tables. */
final class Contenders {
    /** Goes along with each run. */
    interface Companion {
        /** Our process has begun. */
        default void begun(long pid) throws IOException, InterruptedException {}

        /** Our process is warm: what is measured begins. */
        default void warm(long pid) throws IOException, InterruptedException {}

        /** The time that the contender's backends have computed so far. */
        default Duration backends() {
            return Duration.ZERO;
        }
    }

    private final Testbed bed;
    private final Companion companion;

    Contenders(Testbed bed) {
        this(bed, new Companion() {});
    }

    /** The same, with company. */
    Contenders(Testbed bed, Companion companion) {
        this.bed = bed;
        this.companion = companion;
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
            companion.begun(bundle.pid());
            bed.server().awaitWarm();
            companion.warm(bundle.pid());
            Duration before = bundle.cpu();
            Duration backends = companion.backends();
            Drained drained = bed.server().awaitDrained();
            backends = companion.backends().minus(backends);
            Duration cpu = bundle.cpu().minus(before);
            bed.database().checkDeadLetters();
            return bundle.run(drained, cpu, backends);
        }
    }

    /** The same statements with the same values from memory, on as many connections. */
    Run ceiling(int connections, int batchSize) throws Exception {
        bed.database().reset(bed.workload());
        try (Ceiling ceiling = new Ceiling(bed, connections, batchSize)) {
            ceiling.warmUp();
            Duration before = companion.backends();
            Duration time = ceiling.write();
            return Run.of(bed.size().measured(), time, companion.backends().minus(before));
        }
    }

    /** A worker as Sequin's documents write it: receive, one awaited upsert a record, ack the batch. */
    Run documented(DocumentedWorker.Manner manner, int batchSize) throws Exception {
        bed.database().reset(bed.workload());
        DocumentedWorker worker = new DocumentedWorker(bed, bed.server().offer(bed.size()), manner, batchSize);
        Thread thread = new Thread(worker, "documented");
        thread.setDaemon(true);
        thread.start();
        bed.server().awaitWarm();
        Drained drained = bed.server().awaitDrained();
        thread.join();
        return Run.of(drained.records(), drained.time(), Duration.ZERO);
    }
}
