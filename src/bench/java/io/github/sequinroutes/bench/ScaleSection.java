package io.github.sequinroutes.bench;

import java.util.List;
import java.util.function.IntFunction;

/** Ours and the ceiling while one dimension of the work grows from value to value, and all others stay as they are. */
record ScaleSection(String dimension, List<Integer> values, IntFunction<GenericWorkload> workloads) {
    private static final int WORKERS = 2;
    private static final int BATCH_SIZE = 1000;
    private static final int MOST_RECORDS = 300_000;
    private static final int MOST_BYTES = 600_000_000;

    /** How many records of a workload are taken: fewer if they are large, for they are all in memory. */
    static Size size(GenericWorkload workload, Options options) {
        return Size.of(Math.min(Math.min(options.records(), MOST_RECORDS), MOST_BYTES / workload.bytes()));
    }

    void run(BenchDatabase database, Options options, Report report) throws Exception {
        report.text("## Scale: " + dimension);
        Table table = new Table(dimension, "records", Comparison.COLUMNS);
        for (int value : values) {
            GenericWorkload workload = workloads.apply(value);
            Size size = size(workload, options);
            try (BenchServer server = new BenchServer(workload, size.records())) {
                Contenders contenders = new Contenders(database, workload, server, size);
                Comparison comparison =
                        new Comparison(report, contenders, WORKERS, BATCH_SIZE).rounds(options.rounds());
                table.add(value, size.measured(), comparison.cells());
            }
        }
        report.text(
                "%d workers, batch %d; the first is %s".formatted(WORKERS, BATCH_SIZE, workloads.apply(values.get(0))));
        report.text(table);
    }
}
