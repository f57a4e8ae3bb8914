package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.JavaProcess;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a process takes from its start until it has acked a backlog: of one batch, which is the first, and of fifty.
 * An ack is a few milliseconds after its commit.
 * The packages of {@code -Dbench.packages} take turns, so that what slows the machine down slows all of them.
 */
final class StartSection {
    private static final int[] BACKLOGS = {100, 50_000};
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What it took, in seconds. */
    private record Start(double elapsed, double cpu) {}

    private StartSection() {}

    static void run(BenchDatabase database, Options options, Report report) throws Exception {
        report.text("## Start");
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX_DISTINCT);
        Table table = new Table("records", "", "seconds until they are acked", "CPU seconds");
        for (int backlog : BACKLOGS) {
            List<String> records = workload.records(backlog).toList();
            starts(database, workload, records, options, report)
                    .forEach((way, all) -> table.add(
                            String.valueOf(backlog),
                            way,
                            new Series(all.stream().map(Start::elapsed).toList()).shown(2),
                            new Series(all.stream().map(Start::cpu).toList()).shown(2)));
        }
        report.text(table);
    }

    private static Map<String, List<Start>> starts(
            BenchDatabase database, Workload workload, List<String> records, Options options, Report report)
            throws Exception {
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        // the first round only fills the machine's caches
        for (int round = 0; round <= options.rounds(); round++) {
            for (String folder : options.packages()) {
                StandalonePackage standalone = new StandalonePackage(Path.of(folder));
                // as somebody starts it who gives no options, and with those of the package
                for (List<String> java : List.of(List.<String>of(), standalone.options())) {
                    database.reset(workload);
                    Start start = start(database, workload, records, standalone, java);
                    report.progress("%d records, %s %s".formatted(records.size(), java, start));
                    if (round > 0) {
                        starts.computeIfAbsent(
                                        "%s: java %s -jar".formatted(folder, String.join(" ", java)),
                                        any -> new ArrayList<>())
                                .add(start);
                    }
                }
            }
        }
        return starts;
    }

    private static Start start(
            BenchDatabase database,
            Workload workload,
            List<String> records,
            StandalonePackage standalone,
            List<String> java)
            throws IOException, InterruptedException {
        try (SandboxServer server = new SandboxServer(0, BenchServer.TOKEN);
                TemporaryFolder home = new TemporaryFolder("start")) {
            SandboxConsumer consumer = server.consumer("start", Duration.ofSeconds(30), 10_000);
            records.forEach(consumer::offerAsIs);
            Path settings = home.path().resolve("application.properties");
            Files.writeString(settings, """
                    sequin.url=%s
                    sequin.consumer=start
                    sequin.token=%s
                    sequin.routes=%s
                    postgres.url=%s
                    camel.management.port=%d
                    """.formatted(
                    server.url(), BenchServer.TOKEN, workload.routes().toAbsolutePath(), database.url(), Ports.free()));
            long begin = System.nanoTime();
            try (JavaProcess process = standalone.run(settings, home.path().resolve("log"), java)) {
                while (consumer.left() > 0) {
                    if (!process.isRunning() || System.nanoTime() - begin > PATIENCE_NANOS) {
                        throw new IllegalStateException("No commit:\n" + process.output());
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
                double elapsed = (System.nanoTime() - begin) / 1e9;
                Start start = new Start(elapsed, process.cpu().toMillis() / 1e3);
                process.terminate();
                process.awaitEnd(Duration.ofSeconds(20));
                return start;
            }
        }
    }
}
