package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What distance costs, to the database or to the server, and how many workers make up for it. */
record RoundTripSection(BenchDatabase database, Options options, boolean toDatabase) implements Section {
    private static final List<Duration> ROUND_TRIPS =
            List.of(Duration.ZERO, Duration.ofNanos(500_000), Duration.ofMillis(5));
    private static final List<Integer> WORKERS = List.of(1, 2, 4, 8);
    private static final int BATCH_SIZE = 1000;

    private static final String ABOUT = """
            Batch %d, %d records of %d bytes after %d to warm up, into an empty table. All go through a proxy, also \
            where it adds nothing; the ping is one byte through the same proxy.""";

    @Override
    public void run(Report report) throws Exception {
        report.heading("Scale: round trip to the " + (toDatabase ? "database" : "server"));
        GenericWorkload workload = ScaleSection.BASE;
        Size size = ScaleSection.size(workload, options);
        Table table = toDatabase
                ? new Table("added, ms", "ping, ms", "workers", "ours, records/s", "ceiling, records/s", "ours/ceiling")
                : new Table("added, ms", "ping, ms", "workers", "ours, records/s", "of those without");
        try (ServerProcess server = new ServerProcess(workload, size.records())) {
            Testbed bed = new Testbed(database, workload, server, size);
            List<Series> without = new ArrayList<>();
            for (Duration added : ROUND_TRIPS) {
                Detour detour = Detour.of(added);
                report.progress("%s ms wanted, a ping takes %s ms".formatted(millis(added), detour.millis()));
                try (TcpProxy proxy = proxy(server)) {
                    proxy.delay(detour.oneWay());
                    for (int i = 0; i < WORKERS.size(); i++) {
                        List<Object> cells = new ArrayList<>(List.of(millis(added), detour.millis(), WORKERS.get(i)));
                        if (toDatabase) {
                            cells.addAll(compared(report, through(proxy, bed), WORKERS.get(i)));
                        } else {
                            Series ours = ours(report, through(proxy, bed), WORKERS.get(i));
                            without.add(ours);
                            cells.addAll(List.of(ours.shown(0), ours.over(without.get(i), 2)));
                        }
                        table.add(cells.toArray());
                    }
                }
            }
        }
        report.text(ABOUT.formatted(BATCH_SIZE, size.measured(), workload.bytes(), size.warmUp()));
        report.table(table);
    }

    private TcpProxy proxy(ServerProcess server) throws Exception {
        if (toDatabase) {
            return new TcpProxy("localhost", database.port());
        }
        URI url = URI.create(server.url());
        return new TcpProxy(url.getHost(), url.getPort());
    }

    private Testbed through(TcpProxy proxy, Testbed bed) {
        return toDatabase
                ? bed.through(
                        database.url().replace("localhost:" + database.port(), proxy.authority()), bed.serverUrl())
                : bed.through(bed.databaseUrl(), "http://" + proxy.authority());
    }

    private List<Object> compared(Report report, Testbed bed, int workers) throws Exception {
        Comparison comparison = new Comparison(report, bed, workers, BATCH_SIZE).rounds(options.rounds());
        return List.of(
                comparison.ourRates().shown(0),
                comparison.ceilingRates().shown(0),
                comparison.ourRates().over(comparison.ceilingRates(), 2));
    }

    private Series ours(Report report, Testbed bed, int workers) throws Exception {
        Contenders contenders = new Contenders(bed);
        List<Run> runs = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            runs.add(contenders.ours(workers, BATCH_SIZE));
        }
        report.progress("%d workers: ours %s records/s"
                .formatted(workers, Series.rates(runs).shown(0)));
        return Series.rates(runs);
    }

    private static String millis(Duration time) {
        return "%.1f".formatted(time.toNanos() / 1e6);
    }
}
