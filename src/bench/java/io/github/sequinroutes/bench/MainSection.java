package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.DocumentedWorker.Mode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Ours, the ceiling and a documented worker with the same records, for some numbers of workers and batch sizes. */
final class MainSection {
    /** A documented worker awaits each record: all of them would take minutes. */
    private static final int DOCUMENTED_RECORDS = 50_000;

    private final String title;
    private final Workload workload;

    /** Whose records these are. */
    MainSection(String title, Workload workload) {
        this.title = title;
        this.workload = workload;
    }

    void run(BenchDatabase database, Options options, Report report) throws Exception {
        Size size = Size.of(options.records());
        List<Comparison> comparisons = new ArrayList<>();
        Map<Mode, List<Run>> documented = new EnumMap<>(Mode.class);
        report.text("## " + title);
        try (BenchServer server = new BenchServer(workload, size.records())) {
            Contenders contenders = new Contenders(database, workload, server, size);
            Contenders fewer = contenders.with(Size.of(Math.min(size.records(), DOCUMENTED_RECORDS)));
            for (int workers : options.workers()) {
                for (int batchSize : options.batchSizes()) {
                    comparisons.add(new Comparison(report, contenders, workers, batchSize));
                }
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Comparison comparison : comparisons) {
                    comparison.round();
                    if (isBase(comparison)) {
                        for (Mode mode : Mode.values()) {
                            Run run = fewer.documented(mode, comparison.batchSize());
                            documented
                                    .computeIfAbsent(mode, key -> new ArrayList<>())
                                    .add(run);
                            report.progress("%s: %.0f records/s".formatted(mode.label, run.recordsPerSecond()));
                        }
                    }
                }
            }
        }
        report.text("Records a second, %d after %d to warm up. The mean, and each round in brackets."
                .formatted(size.measured(), size.warmUp()));
        Table table = new Table("workers x batch", Comparison.COLUMNS, "CPU, µs a record", "peak RSS, MB");
        for (Comparison comparison : comparisons) {
            table.add(
                    comparison.workers() + " x " + comparison.batchSize(),
                    comparison.cells(),
                    Series.of(comparison.ours(), Run::cpuMicros).shown(1),
                    comparison.ours().stream().mapToLong(Run::peakRss).max().orElseThrow());
        }
        report.text(table);
        comparisons.stream()
                .filter(MainSection::isBase)
                .forEach(base -> report.text(documentedTable(Series.rates(base.ours()), documented)));
    }

    private static boolean isBase(Comparison comparison) {
        return comparison.workers() == 1 && comparison.batchSize() == 1000;
    }

    private static Table documentedTable(Series ours, Map<Mode, List<Run>> documented) {
        Table table = new Table("one worker, batch 1000", "records/s", "ours/documented");
        table.add("ours", ours.shown(0), "");
        documented.forEach(
                (mode, runs) -> table.add(mode.label, Series.rates(runs).shown(0), ours.over(Series.rates(runs), 1)));
        return table;
    }
}
