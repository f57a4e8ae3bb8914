package io.github.sequinroutes.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where our process spends its time and its memory, once it is warm, by its own flight recorder. */
final class Profile {
    private static final int WORKERS = 2;
    private static final int BATCH_SIZE = 1000;
    private static final int MOST = 20;
    private static final Path RECORDING =
            Path.of("target", "bench", "bundle.jfr").toAbsolutePath();

    /** Samples by the frame at the top. */
    private final Map<String, Long> samples = new HashMap<>();
    /** Bytes by the first frame that is not the JDK's: that a String makes an array is no news. */
    private final Map<String, Long> allocated = new HashMap<>();

    private Profile() {}

    static void run(BenchDatabase database, Options options, Report report) throws Exception {
        Workload workload = new MixWorkload(MixWorkload.Kind.MIX);
        Size size = Size.of(options.records());
        report.text("## Profile");
        database.reset(workload);
        try (BenchServer server = new BenchServer(workload, size.records());
                Bundle bundle = new Bundle(
                        StandalonePackage.BUILT,
                        new Contenders(database, workload, server, size),
                        server.offer(size),
                        WORKERS,
                        BATCH_SIZE,
                        // far more samples than it takes by itself: a run is short
                        "-XX:StartFlightRecording=settings=profile,jdk.ExecutionSample#period=2ms,dumponexit=true,filename="
                                + RECORDING,
                        // else a sample names the last place where the JVM could have stopped
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+DebugNonSafepoints")) {
            server.awaitWarm();
            Instant from = Instant.now();
            int records = server.awaitDrained().records();
            Instant to = Instant.now();
            bundle.terminate();
            Profile profile = new Profile();
            profile.read(from, to);
            report.text("%d workers, batch %d: %d records.".formatted(WORKERS, BATCH_SIZE, records));
            report.text(table("samples of Java code, by the top frame", profile.samples));
            report.text(table("bytes allocated, by the first frame outside the JDK", profile.allocated));
        }
    }

    private void read(Instant from, Instant to) throws IOException {
        try (RecordingFile file = new RecordingFile(RECORDING)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                Instant time = event.getStartTime();
                boolean hasFrames = event.getStackTrace() != null
                        && !event.getStackTrace().getFrames().isEmpty();
                if (hasFrames && time.isAfter(from) && time.isBefore(to)) {
                    add(event, event.getStackTrace().getFrames());
                }
            }
        }
    }

    private void add(RecordedEvent event, List<RecordedFrame> stack) {
        String type = event.getEventType().getName();
        if (type.equals("jdk.ExecutionSample")) {
            samples.merge(name(stack.get(0)), 1L, Long::sum);
        } else if (type.equals("jdk.ObjectAllocationSample")) {
            String site = stack.stream()
                    .map(Profile::name)
                    .filter(name -> !name.matches("(java|javax|jdk|sun)\\..*"))
                    .findFirst()
                    .orElseGet(() -> name(stack.get(0)));
            allocated.merge(site, event.getLong("weight"), Long::sum);
        }
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    /** The largest parts, in percent. */
    private static Table table(String title, Map<String, Long> parts) {
        long whole = parts.values().stream().mapToLong(Long::longValue).sum();
        Table table = new Table(title, "%");
        table.add("all: " + whole, "100");
        parts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST)
                .forEach(part -> table.add(part.getKey(), "%.1f".formatted(100.0 * part.getValue() / whole)));
        return table;
    }
}
