package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.TcpProxy;
import java.time.Duration;
import java.util.List;

/** What distance to the database costs, and how many workers make up for it. */
final class RoundTripSection {
    private static final List<Duration> ROUND_TRIPS =
            List.of(Duration.ZERO, Duration.ofNanos(500_000), Duration.ofMillis(5));
    private static final List<Integer> WORKERS = List.of(1, 2, 4, 8);
    private static final int BATCH_SIZE = 1000;

    private RoundTripSection() {}

    static void run(BenchDatabase database, Options options, Report report) throws Exception {
        GenericWorkload workload = new GenericWorkload(10, 2_000, 1, 0);
        Size size = ScaleSection.size(workload, options);
        Table table = new Table("added, ms", "ping, ms", "workers", Comparison.COLUMNS);
        report.text("## Scale: round trip to the database");
        try (BenchServer server = new BenchServer(workload, size.records())) {
            Contenders near = new Contenders(database, workload, server, size);
            for (Duration added : ROUND_TRIPS) {
                DelayProxy delay = DelayProxy.of(added);
                try (TcpProxy proxy = new TcpProxy("localhost", database.port())) {
                    proxy.delay(delay.oneWay());
                    Contenders far =
                            near.through(database.url().replace("localhost:" + database.port(), proxy.authority()));
                    for (int workers : WORKERS) {
                        Comparison comparison =
                                new Comparison(report, far, workers, BATCH_SIZE).rounds(options.rounds());
                        table.add(millis(added), millis(delay.roundTrip()), workers, comparison.cells());
                    }
                }
            }
        }
        report.text("Batch %d, %d records. All go through a proxy, also where it adds nothing; the ping is one byte."
                .formatted(BATCH_SIZE, size.measured()));
        report.text(table);
    }

    private static String millis(Duration time) {
        return "%.2f".formatted(time.toNanos() / 1e6);
    }
}
