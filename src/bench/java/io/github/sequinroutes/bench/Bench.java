package io.github.sequinroutes.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Measures, interleaved in one run: ours, the ceiling (the same statements from memory), and a worker as Sequin's
 * documents write it. Prints records a second and the ratios, and writes them to {@code target/bench.md}.
 */
public final class Bench {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Bench() {}

    /** Runs the benchmark: {@code -Dbench.rounds=N}, {@code -Dbench.records=N}. */
    public static void main(String[] arguments) {
        int status = 0;
        try {
            run(Integer.getInteger("bench.rounds", 2), Integer.getInteger("bench.records", 90_000));
        } catch (Exception e) {
            e.printStackTrace(OUT);
            status = 1;
        }
        // not just a return: the JVM is Maven's
        System.exit(status);
    }

    private static void run(int rounds, int records) throws Exception {
        Map<String, List<Result>> results = new LinkedHashMap<>();
        try (BenchDatabase database = new BenchDatabase()) {
            Contenders contenders = new Contenders(database, records);
            Contenders slow = new Contenders(database, records / 10);
            for (int round = 1; round <= rounds; round++) {
                for (int workers : new int[] {1, 2, 4}) {
                    for (int batchSize : new int[] {100, 1000}) {
                        add(results, contenders.ours(workers, batchSize));
                        add(results, contenders.ceiling(workers, batchSize));
                    }
                }
                add(results, slow.documented(1, 1000));
                add(results, slow.documented(8, 1000));
            }
        }
        String table = table(results);
        OUT.println(table);
        Files.writeString(Path.of("target", "bench.md"), table);
    }

    private static void add(Map<String, List<Result>> results, Result result) {
        OUT.printf("%-45s %8.0f records/s%n", result.key(), result.recordsPerSecond());
        results.computeIfAbsent(result.key(), key -> new ArrayList<>()).add(result);
    }

    private static String table(Map<String, List<Result>> results) {
        double documented = mean(results.get("documented, 1 at a time, 1 worker, batch 1000"));
        StringJoiner table = new StringJoiner(System.lineSeparator());
        table.add(
                "| | records/s | of the ceiling | times the documented worker | client CPU, µs a record | peak RSS, MB |");
        table.add("|---|---:|---:|---:|---:|---:|");
        results.forEach((key, runs) -> {
            Result first = runs.get(0);
            double rate = mean(runs);
            List<Result> ceiling = results.get(key.replace("ours", "ceiling"));
            boolean ours = first.what().equals("ours");
            table.add("| %s | %.0f | %s | %.1f | %s | %s |"
                    .formatted(
                            key,
                            rate,
                            ours ? "%.2f".formatted(rate / mean(ceiling)) : "",
                            rate / documented,
                            ours
                                    ? "%.0f"
                                            .formatted(runs.stream()
                                                    .mapToDouble(Result::cpuMicros)
                                                    .average()
                                                    .orElse(0))
                                    : "",
                            ours
                                    ? "%d"
                                            .formatted(runs.stream()
                                                    .mapToLong(Result::peakMegabytes)
                                                    .max()
                                                    .orElse(0))
                                    : ""));
        });
        return table.toString();
    }

    private static double mean(List<Result> runs) {
        return runs.stream().mapToDouble(Result::recordsPerSecond).average().orElse(Double.NaN);
    }
}
