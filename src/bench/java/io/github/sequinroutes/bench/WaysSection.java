package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.DocumentedWorker.Mode;
import io.github.sequinroutes.bench.HandWrittenWorker.Upsert;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Ours, a worker by hand, and every way to feed PostgreSQL from memory, for one table of 17 columns. With
 * {@code -Dbench.packages} other packages as well, such as one of before a change.
 */
final class WaysSection {
    private static final int COLUMNS = 15;
    private static final int BATCH_SIZE = 1000;
    private static final int WORKERS = 2;
    private static final int DOCUMENTED_RECORDS = 50_000;

    private final Contenders on;
    private final List<StandalonePackage> others;
    private final Report report;
    private final Map<String, List<Run>> runs = new LinkedHashMap<>();

    private WaysSection(Contenders on, List<StandalonePackage> others, Report report) {
        this.on = on;
        this.others = others;
        this.report = report;
    }

    static void run(BenchDatabase database, Options options, Report report) throws Exception {
        Workload workload = new GenericWorkload(COLUMNS, 2_000, 1, 0);
        Size size = Size.of(options.records());
        report.text("## Ways to write");
        try (BenchServer server = new BenchServer(workload, size.records())) {
            WaysSection section = new WaysSection(
                    new Contenders(database, workload, server, size),
                    options.packages().stream()
                            .map(folder -> new StandalonePackage(Path.of(folder)))
                            .filter(standalone -> !standalone.equals(StandalonePackage.BUILT))
                            .toList(),
                    report);
            for (int round = 0; round < options.rounds(); round++) {
                section.round();
            }
            report.text(section.table());
        }
    }

    private void round() throws Exception {
        add("ours", () -> on.ours(WORKERS, BATCH_SIZE));
        for (StandalonePackage other : others) {
            add("ours, " + other.folder(), () -> on.ours(other, WORKERS, BATCH_SIZE));
        }
        Contenders fewer = on.with(Size.of(Math.min(on.size().records(), DOCUMENTED_RECORDS)));
        for (Mode mode : List.of(Mode.ONE, Mode.ONE_KEPT)) {
            add(mode.label, () -> fewer.documented(mode, BATCH_SIZE));
        }
        for (Upsert upsert : Upsert.values()) {
            add(upsert.label, () -> byHand(upsert));
        }
        add("from memory: the template, as a batch", () -> on.ceiling(WORKERS, BATCH_SIZE));
        for (MemoryWay way : MemoryWay.values()) {
            add("from memory: " + way.label, () -> on.ceiling(way, WORKERS, BATCH_SIZE));
        }
    }

    private Run byHand(Upsert upsert) throws Exception {
        on.database().reset(on.workload());
        String consumer = on.server().offer(on.size());
        return on.workers(Stream.generate(() -> new HandWrittenWorker(on, consumer, COLUMNS, BATCH_SIZE, upsert))
                .limit(WORKERS)
                .toList());
    }

    private void add(String name, Callable<Run> contender) throws Exception {
        Run run = contender.call();
        runs.computeIfAbsent(name, any -> new ArrayList<>()).add(run);
        report.progress("%s: %.0f records/s, PostgreSQL %.1f µs a record"
                .formatted(name, run.recordsPerSecond(), run.postgresMicros()));
    }

    private Table table() {
        List<Run> ours = runs.get("ours");
        Table table = new Table(
                "%d x %d".formatted(WORKERS, BATCH_SIZE),
                "records/s",
                "ours/this",
                "PostgreSQL's CPU, µs a record",
                "our CPU, µs a record");
        runs.forEach((name, all) -> table.add(
                name,
                Series.rates(all).shown(0),
                Series.rates(ours).over(Series.rates(all), 2),
                Series.of(all, Run::postgresMicros).shown(1),
                name.startsWith("ours") ? Series.of(all, Run::cpuMicros).shown(1) : ""));
        return table;
    }
}
