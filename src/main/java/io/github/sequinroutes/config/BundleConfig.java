package io.github.sequinroutes.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What one bundle is told: the value of each of {@link Keys}, checked. Does not change. */
public final class BundleConfig {
    /** The name of the bundle of a host that has one. */
    public static final String DEFAULT_NAME = "sequin";

    private static final long MIN_STREAM_WAIT_MILLIS = 500;

    private final String name;
    private final Map<String, String> values;
    private final Supplier<String> token;
    private final UnaryOperator<String> keys;

    private BundleConfig(String name, Map<String, String> values, Supplier<String> token, UnaryOperator<String> keys) {
        this.name = name;
        this.values = values;
        this.token = token;
        this.keys = keys;
    }

    /**
     * Reads and checks values.
     *
     * @param name   the name of the bundle, a word in lower case
     * @param values the value of a key without its prefix, or null if it is not given
     * @throws IllegalArgumentException if anything is wrong, with every problem
     */
    public static BundleConfig of(String name, UnaryOperator<String> values) {
        String prefix = Scope.named(name, "sequin.");
        Map<String, String> problems = new TreeMap<>();
        BundleConfig config = read(name, values, prefix::concat, problems);
        if (!isName(name)) {
            problems.put(prefix, "is no name of a bundle: it must be a word such as orders");
        }
        refuse(problems);
        return config;
    }

    static boolean isName(String name) {
        return name.matches("[a-z][a-z0-9-]*");
    }

    /** Says every problem, if there is one. */
    static void refuse(Map<String, String> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.entrySet().stream()
                    .map(problem -> problem.getKey() + " " + problem.getValue())
                    .collect(Collectors.joining("; ")));
        }
    }

    /**
     * Reads and checks values.
     *
     * @param name     the name of the bundle
     * @param values   the value of a key without its prefix, or null if it is not given
     * @param labels   what a key without its prefix is called in the problems
     * @param problems gets what is wrong, by label; if it gets anything, the configuration must not be used
     */
    public static BundleConfig read(
            String name, UnaryOperator<String> values, UnaryOperator<String> labels, Map<String, String> problems) {
        Map<String, String> read = new LinkedHashMap<>();
        for (Key<?> key : Keys.ALL) {
            String given = values.apply(key.name());
            String value = (given == null ? key.fallback() == null ? "" : key.fallback() : given).strip();
            String problem = key.problem(value);
            if (problem != null) {
                problems.put(labels.apply(key.name()), problem);
            }
            read.put(key.name(), value);
        }
        if (read.get(Keys.API.name()).equals("stream")) {
            checkWaitOfStream(read.get(Keys.WAIT_FOR.name()), labels, problems);
        }
        return new BundleConfig(name, read, token(read, labels, problems), key -> called(key, labels));
    }

    /** A key with its prefix; without keys of its own for a database it writes to that of its host. */
    private static String called(String key, UnaryOperator<String> labels) {
        return key.startsWith("sequin.") ? labels.apply(key.substring("sequin.".length())) : "the host's DataSource";
    }

    /** The server refuses a shorter wait; 0 is not sent. */
    private static void checkWaitOfStream(String value, UnaryOperator<String> labels, Map<String, String> problems) {
        String label = labels.apply(Keys.WAIT_FOR.name());
        if (!problems.containsKey(label)
                && Keys.WAIT_FOR.read().apply(value) > 0
                && Keys.WAIT_FOR.read().apply(value) < MIN_STREAM_WAIT_MILLIS) {
            problems.put(
                    label,
                    "must be 0 or at least %d ms with %s=stream, not '%s'"
                            .formatted(MIN_STREAM_WAIT_MILLIS, labels.apply(Keys.API.name()), value));
        }
    }

    private static Supplier<String> token(
            Map<String, String> read, UnaryOperator<String> labels, Map<String, String> problems) {
        return token(
                read.get(Keys.TOKEN.name()),
                labels.apply(Keys.TOKEN.name()),
                read.get(Keys.TOKEN_FILE.name()),
                labels.apply(Keys.TOKEN_FILE.name()),
                problems);
    }

    /** A token, which is given or in a file, or empty; with what the keys of both are called. */
    static Supplier<String> token(
            String token, String label, String file, String labelOfFile, Map<String, String> problems) {
        if (!file.isEmpty() && token.isEmpty()) {
            return secret(labelOfFile, file, Keys.TOKEN::problem, problems);
        }
        if (!file.isEmpty()) {
            problems.put(labelOfFile, "cannot be given beside " + label);
        }
        return () -> token;
    }

    /** The secret of a file, or, if there is a problem, an empty one. */
    static Supplier<String> secret(
            String label, String file, UnaryOperator<String> check, Map<String, String> problems) {
        try {
            return SecretFile.alone(label, Path.of(file), check);
        } catch (IllegalArgumentException e) {
            problems.put(label, "names a file that cannot be used: " + e.getMessage());
            return () -> "";
        }
    }

    /** The same, with a token that can change. */
    public BundleConfig withToken(Supplier<String> changing) {
        return new BundleConfig(name, values, changing, keys);
    }

    /** The same, whose keys are called like this. */
    BundleConfig withKeys(UnaryOperator<String> called) {
        return new BundleConfig(name, values, token, called);
    }

    /**
     * What a key without the name of a bundle, such as {@code sequin.url}, is called for it: of a secret the key that is
     * given, and where a host has the database, that instead of the keys of the database.
     */
    public UnaryOperator<String> keys() {
        return keys;
    }

    /** The name with which the bundle's beans, routes and endpoints begin. */
    public String name() {
        return name;
    }

    /** Whether it is the bundle of a host that has one. */
    public boolean isUnnamed() {
        return name.equals(DEFAULT_NAME);
    }

    /** The name of one of its beans, routes or endpoints. */
    public String nameOf(String part) {
        return name + "-" + part;
    }

    /** The value of a key. */
    public <T> T get(Key<T> key) {
        return key.read().apply(text(key));
    }

    /** The value of a key as it was given, or its default. */
    public String text(Key<?> key) {
        return values.get(key.name());
    }

    /** The bearer token as it is now, empty if none is sent. */
    public Supplier<String> token() {
        return token;
    }

    /** The maximum number of connections that write at once. */
    public int connections() {
        return Math.min(get(Keys.WORKERS), get(Keys.WRITERS));
    }

    /** Whether it waits for messages once the consumer is drained. */
    public boolean isContinuous() {
        return get(Keys.SCHEDULE).equals("continuous");
    }

    /** How long a worker may have had no response before it is stalled, in milliseconds; 0 if workers may rest for long. */
    public long stalledMillis() {
        // a response comes at least once in a long poll, and after a write that takes its whole lease
        return isContinuous() ? 2 * (get(Keys.WAIT_FOR) + get(Keys.ACK_WAIT)) + 30_000 : 0;
    }

    /** Whether the files of collections are watched: on the class path nothing changes. */
    public boolean reloads() {
        return get(Keys.RELOAD) && routesUri().startsWith("file:");
    }

    /** Where the routes are: a URI to which a file's name can be added. */
    public String routesUri() {
        String routes = get(Keys.ROUTES);
        return routes.startsWith("classpath:") || Validators.isOnClassPathOnly(routes)
                ? "classpath:" + routes.replaceFirst("^classpath:", "")
                : "file:" + Path.of(routes).toAbsolutePath().normalize();
    }
}
