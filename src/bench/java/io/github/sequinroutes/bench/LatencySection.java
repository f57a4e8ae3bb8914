package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.ServerProcess.Times;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long a record takes while few come: from being available to its commit, and from there to its ack. */
record LatencySection(BenchDatabase database, Options options) implements Section {
    private static final int PER_SECOND = 100;
    private static final int WORKERS = 2;
    /** At the same pace, and not counted: what came all at once to warm up is over then. */
    private static final int IGNORED_SECONDS = 5;

    private static final String ABOUT = """
            %d records a second for %d s, offered at fixed times whatever becomes of those before; %d workers, batch \
            1000. The commit is PostgreSQL's own timestamp, which it takes just before it flushes.""";

    @Override
    @SuppressWarnings("try") // the process works by itself
    public void run(Report report) throws Exception {
        report.heading("Latency");
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX_DISTINCT);
        int ignored = PER_SECOND * IGNORED_SECONDS;
        int count = ignored + PER_SECOND * options.latencySeconds();
        int warmUp = Size.of(options.records()).warmUp();
        Table table = new Table("ms", "p50", "p99", "most");
        database.reset(workload);
        try (ServerProcess server = new ServerProcess(workload, warmUp + count)) {
            Testbed bed = new Testbed(database, workload, server, Size.of(count));
            String consumer = server.offerSlowly(warmUp, PER_SECOND);
            try (Bundle bundle = new Bundle(bed, consumer, WORKERS, WORKERS, 1000)) {
                List<Times> times = server.awaitTimes(count).subList(ignored, count);
                Map<String, Long> committed = commitTimes();
                table.add(row(
                        "available to committed",
                        times.stream()
                                .map(record -> committed.get(record.id()) - record.offered())
                                .toList()));
                table.add(row(
                        "committed to acked",
                        times.stream()
                                .map(record -> record.acked() - committed.get(record.id()))
                                .toList()));
            }
        }
        report.text(ABOUT.formatted(PER_SECOND, options.latencySeconds(), WORKERS));
        report.table(table);
    }

    /** By ID, in microseconds since 1970. */
    private Map<String, Long> commitTimes() throws SQLException {
        List<String> queries = new ArrayList<>();
        for (String name : MixWorkload.TABLES) {
            queries.add(
                    "select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint from " + name);
        }
        Map<String, Long> times = new HashMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(String.join(" union all ", queries))) {
            while (row.next()) {
                times.put(row.getString(1), row.getLong(2));
            }
        }
        return times;
    }

    private static Object[] row(String name, List<Long> micros) {
        List<Long> sorted = micros.stream().sorted().toList();
        return new Object[] {name, millis(sorted, 0.5), millis(sorted, 0.99), millis(sorted, 1)};
    }

    private static String millis(List<Long> sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.size());
        return "%.1f".formatted(sorted.get(rank - 1) / 1000.0);
    }
}
