package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.BenchServer.Times;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** How long a record takes while few come: from being available to its commit, and from there to its ack. */
final class LatencySection {
    private static final int PER_SECOND = 100;
    private static final int SECONDS = 30;
    private static final int WORKERS = 2;
    private static final int BATCH_SIZE = 1000;
    /** At the same pace, and not counted: what came all at once to warm up is over then. */
    private static final int IGNORED = 5 * PER_SECOND;

    private LatencySection() {}

    @SuppressWarnings("try") // the process works by itself
    static void run(BenchDatabase database, Options options, Report report) throws Exception {
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX_DISTINCT);
        Size warmUp = new Size(Size.of(options.records()).warmUp(), 0);
        int count = IGNORED + PER_SECOND * SECONDS;
        Table table = new Table("ms", "p50", "p99", "most");
        report.text("## Latency");
        database.reset(workload);
        try (BenchServer server = new BenchServer(workload, warmUp.records() + count)) {
            Contenders contenders = new Contenders(database, workload, server, warmUp);
            try (Bundle bundle =
                    new Bundle(StandalonePackage.BUILT, contenders, server.offer(warmUp), WORKERS, BATCH_SIZE)) {
                server.awaitWarm();
                server.awaitDrained();
                List<Times> times = server.offerSlowly(PER_SECOND).subList(IGNORED, count);
                Map<String, Long> committed = commitTimes(database);
                ToLongFunction<Times> commit = record -> committed.get(id(record));
                add(table, "available to committed", times, one -> commit.applyAsLong(one) - one.offered());
                add(table, "committed to acked", times, one -> one.acked() - commit.applyAsLong(one));
            }
        }
        report.text("%d records a second for %d s, offered at fixed times; %d workers, batch %d."
                .formatted(PER_SECOND, SECONDS, WORKERS, BATCH_SIZE));
        report.text(table);
    }

    private static String id(Times record) {
        return record.record().replaceFirst(".*?\"id\":\"([^\"]+)\".*", "$1");
    }

    /** By ID, in microseconds since 1970. PostgreSQL takes the time just before it flushes. */
    private static Map<String, Long> commitTimes(BenchDatabase database) throws SQLException {
        String query = MixWorkload.TABLES.stream()
                .map(
                        "select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint from %s"
                                ::formatted)
                .collect(Collectors.joining(" union all "));
        Map<String, Long> times = new HashMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                times.put(row.getString(1), row.getLong(2));
            }
        }
        return times;
    }

    private static void add(Table table, String name, List<Times> times, ToLongFunction<Times> micros) {
        List<Long> sorted = times.stream().map(micros::applyAsLong).sorted().toList();
        table.add(name, millis(sorted, 0.5), millis(sorted, 0.99), millis(sorted, 1));
    }

    private static String millis(List<Long> sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.size());
        return "%.1f".formatted(sorted.get(rank - 1) / 1000.0);
    }
}
