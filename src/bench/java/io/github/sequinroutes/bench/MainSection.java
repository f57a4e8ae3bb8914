package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.DocumentedWorker.Manner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Ours, the ceiling and a documented worker with the same records, for some numbers of workers and batch sizes. */
record MainSection(BenchDatabase database, Options options) implements Section {
    /** A documented worker awaits each record: all of them would take minutes. */
    private static final int DOCUMENTED_RECORDS = 50_000;

    private static final String ABOUT = """
            Records a second, %d of 1.3 KB each after %d to warm up. Ours is the standalone process, from receive to \
            ack, with -Xmx256m: that it ran proves that this is enough. The ceiling is the same statements with the \
            same values from memory, on as many connections. The mean, and each round in brackets.""";

    @Override
    public void run(Report report) throws Exception {
        report.heading("Throughput");
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX);
        Size size = Size.of(options.records());
        List<Comparison> comparisons = new ArrayList<>();
        Map<Manner, List<Run>> documented = new EnumMap<>(Manner.class);
        try (ServerProcess server = new ServerProcess(workload, size.records())) {
            Testbed bed = new Testbed(database, workload, server, size);
            Contenders contenders = new Contenders(bed.with(Size.of(Math.min(size.records(), DOCUMENTED_RECORDS))));
            for (int workers : options.workers()) {
                for (int batchSize : options.batchSizes()) {
                    comparisons.add(new Comparison(report, bed, workers, batchSize));
                }
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Comparison comparison : comparisons) {
                    comparison.round();
                    if (isBase(comparison)) {
                        for (Manner manner : Manner.values()) {
                            Run run = contenders.documented(manner, comparison.batchSize());
                            documented
                                    .computeIfAbsent(manner, key -> new ArrayList<>())
                                    .add(run);
                            report.progress("%s: %.0f records/s".formatted(manner.label(), run.recordsPerSecond()));
                        }
                    }
                }
            }
        }
        report.text(ABOUT.formatted(size.measured(), size.warmUp()));
        report.table(table(comparisons));
        comparisons.stream()
                .filter(MainSection::isBase)
                .forEach(base -> report.table(documentedTable(base, documented)));
        report.chart("bench.svg", "Records a second", chart(comparisons, documented));
    }

    private static boolean isBase(Comparison comparison) {
        return comparison.workers() == 1 && comparison.batchSize() == 1000;
    }

    private static Table table(List<Comparison> comparisons) {
        Table table = new Table(
                "workers x batch",
                "ours, records/s",
                "ceiling, records/s",
                "ours/ceiling",
                "CPU, µs a record",
                "peak RSS, MB",
                "peak heap, MB",
                "after a collection, MB");
        for (Comparison comparison : comparisons) {
            List<Run> ours = comparison.ours();
            table.add(
                    comparison.workers() + " x " + comparison.batchSize(),
                    comparison.ourRates().shown(0),
                    comparison.ceilingRates().shown(0),
                    comparison.ourRates().over(comparison.ceilingRates(), 2),
                    Series.of(ours, Run::cpuMicros).shown(1),
                    "%.0f".formatted(Series.of(ours, Run::peakRss).max()),
                    "%.0f".formatted(Series.of(ours, Run::peakHeap).max()),
                    "%.0f".formatted(Series.of(ours, Run::peakLive).max()));
        }
        return table;
    }

    private static Table documentedTable(Comparison base, Map<Manner, List<Run>> documented) {
        Table table = new Table("one worker, batch 1000", "records/s", "ours/documented");
        table.add("ours", base.ourRates().shown(0), "");
        documented.forEach((manner, runs) -> table.add(
                manner.label(), Series.rates(runs).shown(0), base.ourRates().over(Series.rates(runs), 1)));
        return table;
    }

    private static String chart(List<Comparison> comparisons, Map<Manner, List<Run>> documented) {
        Chart chart = new Chart("Records a second", List.of("ours", "ceiling", "documented"));
        for (Comparison comparison : comparisons) {
            double one = isBase(comparison)
                    ? Series.rates(documented.get(Manner.ONE)).mean()
                    : Double.NaN;
            chart.group(
                    List.of(
                            comparison.workers() + (comparison.workers() == 1 ? " worker" : " workers"),
                            "batch " + comparison.batchSize()),
                    comparison.ourRates().mean(),
                    comparison.ceilingRates().mean(),
                    one);
        }
        if (!documented.isEmpty()) {
            chart.group(
                    List.of("1 worker", "8 upserts at a time"),
                    Double.NaN,
                    Double.NaN,
                    Series.rates(documented.get(Manner.EIGHT_KEPT)).mean());
        }
        return chart.svg();
    }
}
