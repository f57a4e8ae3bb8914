package io.github.sequinroutes.bench;

import java.util.ArrayList;
import java.util.List;

/** Ours and the ceiling with as many connections, run next to each other in each round. */
final class Comparison {
    private final List<Run> ours = new ArrayList<>();
    private final List<Run> ceiling = new ArrayList<>();
    private final Report report;
    private final Contenders contenders;
    private final int workers;
    private final int connections;
    private final int batchSize;

    Comparison(Report report, Testbed bed, int workers, int batchSize) {
        this(report, bed, workers, workers, batchSize);
    }

    /** The same with fewer connections than workers. */
    Comparison(Report report, Testbed bed, int workers, int connections, int batchSize) {
        this(report, new Contenders(bed), workers, connections, batchSize);
    }

    /** The same with these contenders. */
    Comparison(Report report, Contenders contenders, int workers, int connections, int batchSize) {
        this.connections = connections;
        this.report = report;
        this.contenders = contenders;
        this.workers = workers;
        this.batchSize = batchSize;
    }

    /** One more round; who is first alternates. */
    void round() throws Exception {
        if (ours.size() % 2 == 0) {
            ours.add(contenders.ours(workers, connections, batchSize));
            ceiling.add(contenders.ceiling(connections, batchSize));
        } else {
            ceiling.add(contenders.ceiling(connections, batchSize));
            ours.add(contenders.ours(workers, connections, batchSize));
        }
        report.progress("workers %d, batch %4d: ours %6.0f, ceiling %6.0f records/s"
                .formatted(workers, batchSize, last(ours), last(ceiling)));
    }

    /** So many rounds. */
    Comparison rounds(int count) throws Exception {
        for (int round = 0; round < count; round++) {
            round();
        }
        return this;
    }

    int workers() {
        return workers;
    }

    int connections() {
        return connections;
    }

    int batchSize() {
        return batchSize;
    }

    List<Run> ours() {
        return ours;
    }

    /** Our records a second. */
    Series ourRates() {
        return Series.rates(ours);
    }

    /** The ceiling's records a second. */
    Series ceilingRates() {
        return Series.rates(ceiling);
    }

    /** The share of the time that our backends computed. */
    Series ourBusy() {
        return Series.of(ours, Run::busy);
    }

    /** The share of the time that the ceiling's backends computed. */
    Series ceilingBusy() {
        return Series.of(ceiling, Run::busy);
    }

    private static double last(List<Run> runs) {
        return runs.get(runs.size() - 1).recordsPerSecond();
    }
}
