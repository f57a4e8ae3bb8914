package io.github.sequinroutes.bench;

import java.util.ArrayList;
import java.util.List;

/** Ours and the ceiling with as many connections, run next to each other in each round. */
record Comparison(Report report, Contenders contenders, int workers, int batchSize, List<Run> ours, List<Run> ceiling) {
    /** The columns of {@link #cells}. */
    static final List<String> COLUMNS = List.of("ours, records/s", "ceiling, records/s", "ours/ceiling");

    Comparison(Report report, Contenders contenders, int workers, int batchSize) {
        this(report, contenders, workers, batchSize, new ArrayList<>(), new ArrayList<>());
    }

    /** One more round; who is first alternates. */
    void round() throws Exception {
        if (ours.size() % 2 == 0) {
            ours.add(contenders.ours(workers, batchSize));
            ceiling.add(contenders.ceiling(workers, batchSize));
        } else {
            ceiling.add(contenders.ceiling(workers, batchSize));
            ours.add(contenders.ours(workers, batchSize));
        }
        int last = ours.size() - 1;
        report.progress("workers %d, batch %4d: ours %6.0f, ceiling %6.0f records/s"
                .formatted(
                        workers,
                        batchSize,
                        ours.get(last).recordsPerSecond(),
                        ceiling.get(last).recordsPerSecond()));
    }

    /** That many rounds. */
    Comparison rounds(int count) throws Exception {
        for (int round = 0; round < count; round++) {
            round();
        }
        return this;
    }

    /** What it has shown. */
    List<String> cells() {
        Series our = Series.rates(ours);
        Series most = Series.rates(ceiling);
        return List.of(our.shown(0), most.shown(0), our.over(most, 2));
    }
}
