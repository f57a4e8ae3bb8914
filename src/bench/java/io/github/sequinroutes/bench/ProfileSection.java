package io.github.sequinroutes.bench;

import java.nio.file.Path;
import java.time.Instant;

/** Where our process spends its time and its memory, once it is warm, by its own flight recorder. */
record ProfileSection(BenchDatabase database, Options options) implements Section {
    private static final int WORKERS = 2;
    private static final int BATCH_SIZE = 1000;
    private static final String RECORDING = "bench";
    private static final String FILE = "bench-profile.md";

    @Override
    public void run(Report report) throws Exception {
        report.heading("Profile");
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX);
        Size size = Size.of(options.records());
        Path file = Path.of("target", "bench", "bundle.jfr");
        database.reset(workload);
        try (ServerProcess server = new ServerProcess(workload, size.records())) {
            Testbed bed = new Testbed(database, workload, server, size);
            try (Bundle bundle = new Bundle(
                    bed,
                    server.offer(size),
                    WORKERS,
                    WORKERS,
                    BATCH_SIZE,
                    // far more samples than it takes by itself: a run is short
                    "-XX:StartFlightRecording=settings=profile,jdk.ExecutionSample#period=2ms,name=" + RECORDING,
                    // else a sample names the last place where the JVM could have stopped
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:+DebugNonSafepoints")) {
                server.awaitWarm();
                Instant from = Instant.now();
                int records = server.awaitDrained().records();
                Instant to = Instant.now();
                bundle.jcmd("JFR.dump", "name=" + RECORDING, "filename=" + file.toAbsolutePath());
                Report profile = new Report(Path.of("target"));
                profile.text("Of our process, %d workers, batch %d: %d records, once it was warm."
                        .formatted(WORKERS, BATCH_SIZE, records));
                new Profile(file, from, to).print(profile);
                profile.write(FILE);
            }
        }
        report.text("See [%s](%s).".formatted(FILE, FILE));
    }
}
