package io.github.sequinroutes.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * PostgreSQL alone on a core, and everything else on another: then its core is the limit, and what remains between ours
 * and the ceiling is the time in which we leave it without work.
 */
record PinnedSection(BenchDatabase database, Options options) implements Section {
    private static final String ABOUT = """
            Batch 1000, %d records after %d to warm up: the %d backends on core %d, the rest of PostgreSQL, the server \
            and our process, once it is warm, or the one with the ceiling on core %d. Busy is the share of the time that \
            the backends computed.""";

    @Override
    public void run(Report report) throws Exception {
        report.heading("Database on a core of its own");
        List<Integer> cores = Affinity.cores();
        if (cores.size() < 2) {
            report.text(cores.isEmpty() ? "Left out: there is no taskset." : "Left out: there is only one core.");
            return;
        }
        int first = cores.get(0);
        int last = cores.get(cores.size() - 1);
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX);
        Size size = Size.of(options.records());
        try (Affinity affinity = new Affinity()) {
            pinAllThatRuns(affinity, first);
            try (PinnedBackends backends = new PinnedBackends(database, affinity, last);
                    // it inherits the core of this one, as our process would
                    ServerProcess server = new ServerProcess(workload, size.records())) {
                Contenders contenders =
                        new Contenders(new Testbed(database, workload, server, size), new Contenders.Companion() {
                            @Override
                            public void begun(long pid) throws IOException, InterruptedException {
                                // what the JVM compiles at first would take minutes on one core
                                Affinity.free(pid, cores);
                            }

                            @Override
                            public void warm(long pid) throws IOException, InterruptedException {
                                affinity.pin(pid, first);
                            }

                            @Override
                            public Duration backends() {
                                return backends.cpu();
                            }
                        });
                Comparison one = new Comparison(report, contenders, 4, 1, 1000);
                Comparison several = new Comparison(report, contenders, 4, 3, 1000);
                for (int round = 0; round < options.rounds(); round++) {
                    one.round();
                    several.round();
                }
                report.text(ABOUT.formatted(size.measured(), size.warmUp(), backends.count(), last, first));
                report.table(table(one, several));
            }
        }
    }

    /** This process, and PostgreSQL's: the postmaster, its background processes, and the backends that it starts. */
    private void pinAllThatRuns(Affinity affinity, int core) throws Exception {
        affinity.pin(ProcessHandle.current().pid(), core);
        ProcessHandle postmaster = database.postmaster();
        affinity.pin(postmaster.pid(), core);
        for (ProcessHandle process : postmaster.children().toList()) {
            affinity.pin(process.pid(), core);
        }
    }

    private static Table table(Comparison... comparisons) {
        Table table = new Table(
                "connections",
                "workers",
                "ours, records/s",
                "ceiling, records/s",
                "ours/ceiling",
                "ours, database busy",
                "ceiling, database busy",
                "busy/busy");
        for (Comparison comparison : comparisons) {
            table.add(
                    comparison.connections(),
                    comparison.workers(),
                    comparison.ourRates().shown(0),
                    comparison.ceilingRates().shown(0),
                    comparison.ourRates().over(comparison.ceilingRates(), 2),
                    comparison.ourBusy().shown(2),
                    comparison.ceilingBusy().shown(2),
                    comparison.ourBusy().over(comparison.ceilingBusy(), 2));
        }
        return table;
    }
}
