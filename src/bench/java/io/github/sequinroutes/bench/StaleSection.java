package io.github.sequinroutes.bench;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a late replay costs: a stream whose records are all older than the rows, against the same stream fresh. */
final class StaleSection {
    private static final int WORKERS = 2;
    private static final int BATCH_SIZE = 1000;
    /** Changes with every row that is written. */
    private static final String NEWEST = MixWorkload.TABLES.stream()
            .map("select updated_idx from %s"::formatted)
            .collect(Collectors.joining(" union all ", "select sum(updated_idx) from (", ") t"));

    private StaleSection() {}

    static void run(BenchDatabase database, Options options, Report report) throws Exception {
        Size size = Size.of(options.records());
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX);
        List<Run> fresh = new ArrayList<>();
        List<Run> stale = new ArrayList<>();
        report.text("## Stale records");
        try (BenchServer server = new BenchServer(workload, size.records())) {
            Contenders contenders = new Contenders(database, workload, server, size);
            for (int round = 0; round < options.rounds(); round++) {
                fresh.add(contenders.ours(WORKERS, BATCH_SIZE));
                database.reset(workload);
                String newest = load(contenders.of(new MixWorkload(MixWorkload.Kind.MIX_NEWER)));
                stale.add(contenders.oursOnto(WORKERS, BATCH_SIZE));
                try (Connection connection = database.connect()) {
                    if (!newest.equals(BenchDatabase.query(connection, NEWEST))) {
                        throw new IllegalStateException("A stale record was written.");
                    }
                }
            }
        }
        report.text("%d workers, batch %d: the tables hold newer versions of all %d records, or nothing."
                .formatted(WORKERS, BATCH_SIZE, size.records()));
        Table table = new Table("", "records/s", "stale/fresh");
        table.add("fresh", Series.rates(fresh).shown(0), "");
        table.add("stale", Series.rates(stale).shown(0), Series.rates(stale).over(Series.rates(fresh), 2));
        report.text(table);
    }

    /** Writes the newer versions, from memory, and returns their sum. */
    private static String load(Contenders newer) throws Exception {
        try (Ceiling writer = new Ceiling(newer, Ceiling.Way.STATEMENTS, WORKERS, BATCH_SIZE)) {
            writer.warmUp();
            writer.write();
        }
        try (Connection connection = newer.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
            statement.execute("checkpoint");
            return BenchDatabase.query(connection, NEWEST);
        }
    }
}
