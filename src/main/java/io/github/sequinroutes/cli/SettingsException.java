package io.github.sequinroutes.cli;

import io.github.sequinroutes.cli.KeyNames.Doubt;
import io.github.sequinroutes.config.ConfiguredBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Configuration that cannot be used. */
public final class SettingsException extends IllegalArgumentException {
    private final transient Map<String, String> problems;
    private final transient Set<String> unknown;
    private final transient List<Doubt> doubts;
    private final transient UnaryOperator<String> overruling;
    private final transient List<ConfiguredBundle> bundles;

    SettingsException(Map<String, String> problems) {
        this(problems, List.of(), Set.of(), key -> null, List.of());
    }

    /**
     * What is wrong.
     *
     * @param problems   by key
     * @param doubts     what may be wrong besides
     * @param unknown    the names among them that are no keys
     * @param overruling what gives a key in place of the file, or null
     * @param bundles    as they are told, though some values of theirs cannot be used
     */
    SettingsException(
            Map<String, String> problems,
            List<Doubt> doubts,
            Set<String> unknown,
            UnaryOperator<String> overruling,
            List<ConfiguredBundle> bundles) {
        this(problems, doubts, unknown, overruling, bundles, null);
    }

    private SettingsException(
            Map<String, String> problems,
            List<Doubt> doubts,
            Set<String> unknown,
            UnaryOperator<String> overruling,
            List<ConfiguredBundle> bundles,
            Path file) {
        super(message(new TreeMap<>(problems), doubts, overruling, file));
        this.doubts = List.copyOf(doubts);
        this.problems = new TreeMap<>(problems);
        this.unknown = Set.copyOf(unknown);
        this.overruling = overruling;
        this.bundles = List.copyOf(bundles);
    }

    /** The same, whose message says where in a file the keys stand. */
    SettingsException in(Path file) {
        return new SettingsException(problems, doubts, unknown, overruling, bundles, file);
    }

    /** What may be wrong besides. */
    List<Doubt> doubts() {
        return doubts;
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

    /** The bundles; of those that have them, values without a problem can be used. */
    List<ConfiguredBundle> bundles() {
        return bundles;
    }

    private static String message(
            Map<String, String> problems, List<Doubt> doubts, UnaryOperator<String> overruling, Path file) {
        KeyLines lines = new KeyLines(file);
        problems.forEach((key, problem) -> lines.add("  ", overruling.apply(key) == null, key, key + " " + problem));
        doubts.forEach(doubt -> lines.add("  ", true, doubt.name(), doubt.text()));
        return Stream.concat(Stream.of("The configuration cannot be used:"), lines.byPlace().stream())
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
