package io.github.sequinroutes.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** Measures what the bundle costs beside PostgreSQL, and writes {@code target/bench.md}. */
public final class Bench {
    /** A part of the benchmark: it measures one thing, and reports it. */
    private interface Section {
        void run(BenchDatabase database, Options options, Report report) throws Exception;
    }

    private static final Map<String, Section> SECTIONS = new LinkedHashMap<>();

    static {
        SECTIONS.put("main", new MainSection("Throughput", new MixWorkload(MixWorkload.Kind.MIX))::run);
        SECTIONS.put("table", new MainSection("Throughput of one table", new GenericWorkload(15, 2_000, 1, 0))::run);
        SECTIONS.put("latency", LatencySection::run);
        SECTIONS.put("stale", StaleSection::run);
        scale("columns", List.of(1, 10, 50), n -> new GenericWorkload(n, 2_000, 1, 0));
        scale("bytes", List.of(200, 2_000, 50_000), n -> new GenericWorkload(10, n, 1, 0));
        scale("collections", List.of(1, 10, 100), n -> new GenericWorkload(10, 2_000, n, 0));
        scale("rows", List.of(1_000, 1_000_000, 10_000_000), n -> new GenericWorkload(10, 2_000, 1, n));
        SECTIONS.put("rtt-database", RoundTripSection::run);
        SECTIONS.put("ways", WaysSection::run);
        SECTIONS.put("profile", Profile::run);
        SECTIONS.put("start", StartSection::run);
    }

    private Bench() {}

    private static void scale(String dimension, List<Integer> values, IntFunction<GenericWorkload> workloads) {
        SECTIONS.put(dimension, new ScaleSection(dimension, values, workloads)::run);
    }

    /** Runs the sections that {@code -Dbench.*} asks for, see {@link Options}; with an argument it only checks them. */
    public static void main(String[] arguments) {
        int status = 0;
        try {
            Options options = Options.of(System.getProperties(), List.copyOf(SECTIONS.keySet()));
            if (arguments.length > 0) {
                return;
            }
            // the stand-in server hangs up after half a minute, and the JDK's client does not try a POST again
            System.setProperty("jdk.httpclient.keepalive.timeout", "20");
            // a decimal point, wherever it runs
            Locale.setDefault(Locale.ROOT);
            run(options);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            status = 2;
        } catch (Exception e) {
            e.printStackTrace(System.err);
            status = 1;
        }
        // not just a return: the embedded PostgreSQL leaves threads behind, and Maven would show where it was thrown
        System.exit(status);
    }

    private static void run(Options options) throws Exception {
        Report report = new Report(Path.of("target", "bench.md"));
        try (BenchDatabase database = new BenchDatabase()) {
            report.text("Machine: %d cores, %s, JDK %s, PostgreSQL %s."
                    .formatted(
                            Runtime.getRuntime().availableProcessors(),
                            System.getProperty("os.name"),
                            Runtime.version(),
                            database.query("show server_version")));
            for (String name : options.sections()) {
                SECTIONS.get(name).run(database, options, report);
                // after each: what has been measured is not lost if the next one fails
                report.write();
            }
        }
    }
}
