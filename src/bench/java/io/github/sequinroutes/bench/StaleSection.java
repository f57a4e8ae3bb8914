package io.github.sequinroutes.bench;

import java.util.ArrayList;
import java.util.List;

/** What a late replay costs: a stream whose records are all older than the rows, against the same stream fresh. */
record StaleSection(BenchDatabase database, Options options) implements Section {
    private static final int WORKERS = 2;
    private static final int BATCH_SIZE = 1000;

    private static final String ABOUT = """
            %d workers, batch %d: the table holds newer versions of all %d records, so that the guard keeps each of \
            them out; against the same records into an empty table.""";

    @Override
    public void run(Report report) throws Exception {
        report.heading("Stale records");
        Size size = Size.of(options.records());
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX);
        List<Run> fresh = new ArrayList<>();
        List<Run> stale = new ArrayList<>();
        try (ServerProcess server = new ServerProcess(workload, size.records())) {
            Testbed bed = new Testbed(database, workload, server, size);
            Contenders contenders = new Contenders(bed);
            for (int round = 0; round < options.rounds(); round++) {
                fresh.add(contenders.ours(WORKERS, BATCH_SIZE));
                database.reset(workload);
                load(bed);
                long newest = newest();
                stale.add(contenders.oursOnto(WORKERS, WORKERS, BATCH_SIZE));
                if (newest() != newest) {
                    throw new IllegalStateException("A stale record was written.");
                }
                report.progress("fresh %.0f, stale %.0f records/s"
                        .formatted(
                                fresh.get(round).recordsPerSecond(),
                                stale.get(round).recordsPerSecond()));
            }
        }
        report.text(ABOUT.formatted(WORKERS, BATCH_SIZE, size.records()));
        Table table = new Table("", "records/s", "stale/fresh");
        table.add("fresh", Series.rates(fresh).shown(0), "");
        table.add("stale", Series.rates(stale).shown(0), Series.rates(stale).over(Series.rates(fresh), 2));
        report.table(table);
    }

    /** Writes the newer versions, from memory. */
    private static void load(Testbed bed) throws Exception {
        Testbed newer = bed.of(new MixWorkload(MixWorkload.Kind.MIX_NEWER));
        try (Ceiling writer = new Ceiling(newer, WORKERS, BATCH_SIZE)) {
            writer.warmUp();
            writer.write();
        }
        bed.database().execute("vacuum analyze");
        bed.database().execute("checkpoint");
    }

    /** Changes with every row that is written. */
    private long newest() throws Exception {
        return Long.parseLong(database.query("""
                select sum(updated_idx) from (
                  select updated_idx from stripe.subscriptions
                  union all select updated_idx from stripe.customers
                  union all select updated_idx from github.issues) t"""));
    }
}
