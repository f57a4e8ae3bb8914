package io.github.sequinroutes.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/** What is measured and how much of it, from {@code -Dbench.*}. */
record Options(
        int rounds,
        int records,
        List<Integer> workers,
        List<Integer> batchSizes,
        List<String> sections,
        List<String> packages) {
    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if one of them cannot be used, with a message for the user
     */
    static Options of(Properties properties, List<String> sections) {
        List<String> chosen =
                List.of(text(properties, "bench.only", "main,latency,stale").split(",", -1));
        if (!sections.containsAll(chosen)) {
            throw new IllegalArgumentException("bench.only names no section; there are " + String.join(",", sections));
        }
        return new Options(
                numbers(properties, "bench.rounds", "2").get(0),
                numbers(properties, "bench.records", "500000").get(0),
                numbers(properties, "bench.workers", "1,2,4"),
                numbers(properties, "bench.batch-sizes", "100,1000"),
                chosen,
                List.of(text(properties, "bench.packages", "target/standalone").split(",", -1)));
    }

    /** Maven hands on what nobody has set as an empty text. */
    private static String text(Properties properties, String key, String fallback) {
        String value = properties.getProperty(key, "").replace(" ", "");
        return value.isEmpty() ? fallback : value;
    }

    private static List<Integer> numbers(Properties properties, String key, String fallback) {
        String value = text(properties, key, fallback);
        if (!value.matches("[1-9]\\d{0,8}(,[1-9]\\d{0,8})*")) {
            throw new IllegalArgumentException(key + " must be numbers from 1 on, not " + value);
        }
        return Arrays.stream(value.split(",", -1)).map(Integer::valueOf).toList();
    }
}
