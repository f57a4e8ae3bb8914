package io.github.sequinroutes.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The bundles that the keys of a host ask for: those of {@code sequin.bundles}, or one without a name. A key of a bundle
 * has its name in it, {@code sequin.orders.url}; where it is not given, the key without a name counts, but for
 * {@code sequin.consumer}.
 */
public final class HostConfig {
    /** Names the bundles, if there are several. */
    public static final String BUNDLES = "sequin.bundles";

    /** How much a process of its own logs. */
    public static final String LOG_LEVEL = "sequin.log-level";

    /** What the lines of the log of a process of its own look like. */
    public static final String LOG = "sequin.log";

    /** What somebody must show who looks at the port of a process of its own. */
    public static final String PORT_TOKEN = "sequin.management-token";

    /** Of a file that holds it. */
    public static final String PORT_TOKEN_FILE = "sequin.management-token-file";

    private HostConfig() {}

    /**
     * What somebody must show who looks at the port of a process of its own, as it is now; empty if nothing.
     *
     * @param given    the value of a key, or null
     * @param problems gets what is wrong, by key; if it gets anything, the token must not be used
     */
    public static Supplier<String> portToken(UnaryOperator<String> given, Map<String, String> problems) {
        String token = Objects.requireNonNullElse(given.apply(PORT_TOKEN), "").strip();
        String file =
                Objects.requireNonNullElse(given.apply(PORT_TOKEN_FILE), "").strip();
        String problem = Keys.TOKEN.problem(token);
        if (problem != null) {
            problems.put(PORT_TOKEN, problem);
        }
        return BundleConfig.token(token, PORT_TOKEN, file, PORT_TOKEN_FILE, problems);
    }

    /** What is wrong with a level of the log, or null. */
    public static String problemOfLogLevel(String level) {
        return Validators.oneOf("error", "warn", "info", "debug", "trace").apply(level);
    }

    /** What is wrong with a format of the log, or null. */
    public static String problemOfLog(String format) {
        return Validators.oneOf("text", "json").apply(format);
    }

    /**
     * The names of the bundles.
     *
     * @param given the value of a key, or null
     */
    public static List<String> names(UnaryOperator<String> given) {
        String several = given.apply(BUNDLES);
        return several == null
                ? List.of(BundleConfig.DEFAULT_NAME)
                : List.of(several.strip().split("\\s*,\\s*"));
    }

    /**
     * Reads and checks the keys of all bundles.
     *
     * @param given the value of a key, or null
     * @throws IllegalArgumentException if anything is wrong, with every problem
     */
    public static List<ConfiguredBundle> read(UnaryOperator<String> given) {
        Map<String, String> problems = new TreeMap<>();
        List<ConfiguredBundle> bundles = read(given, problems);
        BundleConfig.refuse(problems);
        return bundles;
    }

    /**
     * Reads and checks the keys of all bundles.
     *
     * @param given    the value of a key, or null
     * @param problems gets what is wrong, by key; if it gets anything, the configuration must not be used
     */
    public static List<ConfiguredBundle> read(UnaryOperator<String> given, Map<String, String> problems) {
        List<String> names = names(given);
        String problem = problem(names);
        if (problem != null) {
            problems.put(BUNDLES, problem);
            return List.of();
        }
        String consumer = Scope.NEVER_SHARED;
        if (given.apply(consumer) != null && !names.contains(BundleConfig.DEFAULT_NAME)) {
            problems.put(consumer, "is one bundle's; write " + Scope.named(names.get(0), consumer));
        }
        List<ConfiguredBundle> bundles = new ArrayList<>();
        names.forEach(name -> bundles.add(ConfiguredBundle.read(name, new Scope(name, given), problems)));
        return bundles;
    }

    /** The key whose value counts for a bundle: {@code key} itself, or that with the bundle's name in it. */
    public static String keyOf(String bundle, String key, UnaryOperator<String> given) {
        return new Scope(bundle, given).key(key);
    }

    private static String problem(List<String> names) {
        Set<String> reserved =
                keys(List.of()).stream().map(key -> key.split("\\.", -1)[1]).collect(Collectors.toSet());
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!BundleConfig.isName(name)) {
                return "must be names of bundles, words such as orders, not '" + name + "'";
            }
            if (reserved.contains(name)) {
                return "cannot name a bundle " + name + ", which begins a key";
            }
            if (!seen.add(name)) {
                return "names " + name + " twice";
            }
        }
        return null;
    }

    /** Every key that a host with bundles of these names can have: first those without a name. */
    public static List<String> keys(List<String> names) {
        List<String> keys = Stream.concat(
                        Keys.ALL.stream().map(key -> "sequin." + key.name()), ConfiguredBundle.DATABASE_KEYS.stream())
                .toList();
        List<String> all = new ArrayList<>(keys);
        all.add(BUNDLES);
        all.add(LOG_LEVEL);
        all.add(LOG);
        all.add(PORT_TOKEN);
        all.add(PORT_TOKEN_FILE);
        for (String name : names) {
            keys.stream()
                    .map(key -> Scope.named(name, key))
                    .filter(key -> !all.contains(key))
                    .forEach(all::add);
        }
        return all;
    }
}
