package io.github.sequinroutes.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Configuration that cannot be used. */
public final class SettingsException extends IllegalArgumentException {
    private final transient Map<String, String> problems;
    private final transient Set<String> unknown;
    private final transient UnaryOperator<String> overruling;

    SettingsException(Map<String, String> problems) {
        this(problems, List.of(), Set.of(), key -> null);
    }

    /**
     * What is wrong.
     *
     * @param problems   by key
     * @param doubts     what may be wrong besides
     * @param unknown    the names among them that are no keys
     * @param overruling what gives a key in place of the file, or null
     */
    SettingsException(
            Map<String, String> problems, List<String> doubts, Set<String> unknown, UnaryOperator<String> overruling) {
        super(message(problems, doubts));
        this.problems = new TreeMap<>(problems);
        this.unknown = Set.copyOf(unknown);
        this.overruling = overruling;
    }

    /** What is wrong, by key. */
    Map<String, String> problems() {
        return problems;
    }

    /** The names that are no keys. */
    Set<String> unknown() {
        return unknown;
    }

    /** What gives a key in place of the file, such as {@code -Dsequin.workers}; null if it is the file, or nothing. */
    String overruling(String key) {
        return overruling.apply(key);
    }

    private static String message(Map<String, String> problems, List<String> doubts) {
        List<String> lines = new ArrayList<>();
        lines.add("The configuration cannot be used:");
        problems.forEach((key, problem) -> lines.add("  " + key + " " + problem));
        doubts.forEach(doubt -> lines.add("  " + doubt));
        return String.join(System.lineSeparator(), lines);
    }
}
