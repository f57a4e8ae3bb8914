package io.github.sequinroutes.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Measures what the bundle costs beside PostgreSQL, and writes {@code target/bench.md}. */
public final class Bench {
    private Bench() {}

    /** Runs the sections that {@code -Dbench.*} asks for, see {@link Options}. */
    public static void main(String[] arguments) {
        // a decimal point, wherever it runs
        Locale.setDefault(Locale.ROOT);
        int status = 0;
        try {
            run(Options.of(System.getProperties()));
        } catch (Exception e) {
            e.printStackTrace(System.out);
            status = 1;
        }
        // not just a return: the embedded PostgreSQL leaves threads behind
        System.exit(status);
    }

    private static void run(Options options) throws Exception {
        Report report = new Report(Files.createDirectories(Path.of("target")));
        try (BenchDatabase database = new BenchDatabase()) {
            report.text(Machine.describe(database));
            Map<String, Section> sections = sections(database, options);
            for (String name : options.sections()) {
                sections.get(name).run(report);
                // after each: what has been measured is not lost if the next one fails
                report.write("bench.md");
            }
        }
    }

    private static Map<String, Section> sections(BenchDatabase database, Options options) {
        Map<String, Section> sections = new LinkedHashMap<>();
        sections.put("main", new MainSection(database, options));
        sections.put("latency", new LatencySection(database, options));
        sections.put("pinned", new PinnedSection(database, options));
        sections.put("stale", new StaleSection(database, options));
        sections.put("columns", ScaleSection.columns(database, options));
        sections.put("bytes", ScaleSection.bytes(database, options));
        sections.put("collections", ScaleSection.collections(database, options));
        sections.put("rows", ScaleSection.rows(database, options));
        sections.put("rtt-database", new RoundTripSection(database, options, true));
        sections.put("rtt-server", new RoundTripSection(database, options, false));
        sections.put("profile", new ProfileSection(database, options));
        return sections;
    }
}
