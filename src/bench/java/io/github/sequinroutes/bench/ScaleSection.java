package io.github.sequinroutes.bench;

import java.util.List;
import java.util.function.IntFunction;

/** Ours and the ceiling while one dimension of the work grows, and all others stay as they are. */
record ScaleSection(
        BenchDatabase database,
        Options options,
        String dimension,
        List<Integer> values,
        IntFunction<GenericWorkload> workloads)
        implements Section {
    /** What all of these begin with; the tables are empty. */
    static final GenericWorkload BASE = new GenericWorkload(10, 2_000, 1, 0);

    private static final int WORKERS = 2;
    private static final int BATCH_SIZE = 1000;
    private static final int MOST_RECORDS = 300_000;
    private static final int MOST_BYTES = 600_000_000;

    private static final String ABOUT = """
            %d workers, batch %d. What does not vary: %d text columns beside the ID and the version, %d bytes a \
            record, of which about half goes into the columns, one collection, an empty table.""";

    static Section columns(BenchDatabase database, Options options) {
        return new ScaleSection(
                database,
                options,
                "columns",
                List.of(1, 10, 50),
                columns -> new GenericWorkload(columns, BASE.bytes(), BASE.tables(), BASE.rows()));
    }

    static Section bytes(BenchDatabase database, Options options) {
        return new ScaleSection(
                database,
                options,
                "bytes a record",
                List.of(200, 2_000, 50_000),
                bytes -> new GenericWorkload(BASE.columns(), bytes, BASE.tables(), BASE.rows()));
    }

    static Section collections(BenchDatabase database, Options options) {
        return new ScaleSection(
                database,
                options,
                "collections in a batch",
                List.of(1, 10, 100),
                tables -> new GenericWorkload(BASE.columns(), BASE.bytes(), tables, BASE.rows()));
    }

    static Section rows(BenchDatabase database, Options options) {
        return new ScaleSection(
                database,
                options,
                "rows in the table",
                options.rows(),
                rows -> new GenericWorkload(BASE.columns(), BASE.bytes(), BASE.tables(), rows));
    }

    /** How many records of a workload are taken: fewer if they are large, for they are all in memory. */
    static Size size(GenericWorkload workload, Options options) {
        return Size.of(Math.min(Math.min(options.records(), MOST_RECORDS), MOST_BYTES / workload.bytes()));
    }

    @Override
    public void run(Report report) throws Exception {
        report.heading("Scale: " + dimension);
        Table table = new Table(dimension, "records", "ours, records/s", "ceiling, records/s", "ours/ceiling");
        for (int value : values) {
            GenericWorkload workload = workloads.apply(value);
            Size size = size(workload, options);
            report.progress("%d %s".formatted(value, dimension));
            try (ServerProcess server = new ServerProcess(workload, size.records())) {
                Comparison comparison = new Comparison(
                                report, new Testbed(database, workload, server, size), WORKERS, BATCH_SIZE)
                        .rounds(options.rounds());
                table.add(
                        value,
                        size.measured(),
                        comparison.ourRates().shown(0),
                        comparison.ceilingRates().shown(0),
                        comparison.ourRates().over(comparison.ceilingRates(), 2));
            }
        }
        report.text(ABOUT.formatted(WORKERS, BATCH_SIZE, BASE.columns(), BASE.bytes()));
        report.table(table);
    }
}
