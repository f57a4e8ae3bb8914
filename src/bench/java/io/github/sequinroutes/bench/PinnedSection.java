package io.github.sequinroutes.bench;

import java.util.List;

/**
 * PostgreSQL alone on a core, and everything else on another: then its core is the limit, and what remains between ours
 * and the ceiling is the time in which we leave it without work.
 */
record PinnedSection(BenchDatabase database, Options options) implements Section {
    private static final String ABOUT = """
            2 workers of which one writes at a time, 1 connection for the ceiling, batch 1000, %d records after %d to warm up: the %d backends on core %d, the rest of PostgreSQL, \
            the server and our process (or the one with the ceiling) on core %d.""";

    @Override
    public void run(Report report) throws Exception {
        report.heading("Database on a core of its own");
        List<Integer> cores = Affinity.cores();
        if (cores.size() < 2) {
            report.text(cores.isEmpty() ? "Left out: there is no taskset." : "Left out: there is only one core.");
            return;
        }
        int last = cores.get(cores.size() - 1);
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX);
        Size size = Size.of(options.records());
        try (Affinity affinity = new Affinity()) {
            pinAllThatRuns(affinity, cores.get(0));
            try (PinnedBackends backends = new PinnedBackends(database, affinity, last);
                    // it, and our process, inherit the core of this one
                    ServerProcess server = new ServerProcess(workload, size.records())) {
                Comparison comparison = new Comparison(
                                report, new Testbed(database, workload, server, size), 2, 1, 1000)
                        .rounds(options.rounds());
                report.text(ABOUT.formatted(size.measured(), size.warmUp(), backends.count(), last, cores.get(0)));
                report.table(table(comparison));
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

    private static Table table(Comparison comparison) {
        Table table = new Table("", "records/s", "ours/ceiling");
        table.add("ceiling", comparison.ceilingRates().shown(0), "");
        table.add("ours", comparison.ourRates().shown(0), comparison.ourRates().over(comparison.ceilingRates(), 2));
        return table;
    }
}
