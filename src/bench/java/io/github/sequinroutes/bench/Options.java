package io.github.sequinroutes.bench;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** What is measured and how much of it, from {@code -Dbench.*}. */
record Options(
        int rounds,
        int records,
        List<Integer> workers,
        List<Integer> batchSizes,
        int latencySeconds,
        List<Integer> rows,
        Set<String> sections) {
    private static final List<String> DEFAULT = List.of("main", "latency", "pinned", "stale");
    private static final List<String> SCALE =
            List.of("columns", "bytes", "collections", "rows", "rtt-database", "rtt-server");
    private static final String PROFILE = "profile";

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if one of them cannot be used, with a message for the user
     */
    static Options of(Properties properties) {
        return new Options(
                number(properties, "bench.rounds", "2"),
                number(properties, "bench.records", "500000"),
                numbers(properties, "bench.workers", "1,2,4"),
                numbers(properties, "bench.batch-sizes", "100,1000"),
                number(properties, "bench.latency-seconds", "30"),
                numbers(properties, "bench.rows", "1000,100000,1000000,10000000"),
                sections(properties));
    }

    private static Set<String> sections(Properties properties) {
        Set<String> all = new LinkedHashSet<>(DEFAULT);
        all.addAll(SCALE);
        all.add(PROFILE);
        String only = text(properties, "bench.only", "");
        if (!only.isEmpty()) {
            Set<String> chosen = new LinkedHashSet<>(List.of(only.split(",", -1)));
            if (!all.containsAll(chosen)) {
                throw new IllegalArgumentException("bench.only names no section; there are " + String.join(",", all));
            }
            return chosen;
        }
        if (!isTrue(properties, "bench.scale")) {
            SCALE.forEach(all::remove);
        }
        if (!isTrue(properties, "bench.profile")) {
            all.remove(PROFILE);
        }
        return all;
    }

    /** Maven hands on what nobody has set as an empty text. */
    private static String text(Properties properties, String key, String fallback) {
        String value = properties.getProperty(key, "").replace(" ", "");
        return value.isEmpty() ? fallback : value;
    }

    private static boolean isTrue(Properties properties, String key) {
        return text(properties, key, "false").equals("true");
    }

    private static List<Integer> numbers(Properties properties, String key, String fallback) {
        return Arrays.stream(text(properties, key, fallback).split(",", -1))
                .map(number -> number(number, key))
                .toList();
    }

    private static int number(Properties properties, String key, String fallback) {
        return number(text(properties, key, fallback), key);
    }

    private static int number(String value, String key) {
        if (!value.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(key + " must be a number from 1 on, not " + value);
        }
        return Integer.parseInt(value);
    }
}
