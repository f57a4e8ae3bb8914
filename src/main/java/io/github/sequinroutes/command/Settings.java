package io.github.sequinroutes.command;

import io.github.sequinroutes.collection.MisplacedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;

/**
 * The configuration: what {@code application.properties}, the environment and {@code -D} say, checked as a whole.
 * {@code -D} wins over the environment, and that over the file.
 */
public final class Settings {
    private record Key(String name, String fallback, Function<String, String> problem) {}

    static final String TOKEN = "sequin.token";

    /** Every key, with its default (null: it must be given) and what can be wrong with its value. */
    private static final List<Key> KEYS = List.of(
            new Key("sequin.url", null, Checks::urlProblem),
            new Key("sequin.api", "consume", Checks.oneOf("consume")),
            new Key("sequin.consumer", null, Checks.matches("[A-Za-z0-9._~-]+", "a consumer's ID or name")),
            new Key(TOKEN, "", Checks::tokenProblem),
            new Key("sequin.batch-size", "1000", Checks.number(1, 1000)),
            // a stop waits for the long poll in flight
            new Key("sequin.wait-for", "5s", Checks.duration(0, 30_000)),
            new Key("sequin.workers", "2", Checks.number(1, 64)),
            new Key("sequin.writers", "64", Checks.number(1, 64)),
            new Key("sequin.schedule", "continuous", Checks::scheduleProblem),
            new Key("sequin.ack-wait", "30s", Checks.duration(500, 86_400_000)),
            new Key("sequin.max-record-size", "16777216", Checks.number(1, 500_000_000)),
            new Key("sequin.dead-letters-per-second", "100", Checks.number(1, 1_000_000)),
            new Key("sequin.failures.retry", "08, 25, 26, 40, 42P05, 53, 55, 57, 58", Checks::sqlStatesProblem),
            new Key("sequin.failures.stop", "0A, 28, 3D, 3F, 42", Checks::sqlStatesProblem),
            new Key("sequin.failures.reject", "09, 21, 22, 23, 27, 38, 39, 44, 54, P0", Checks::sqlStatesProblem),
            new Key("sequin.timed-out", "dead-letter", Checks.oneOf("dead-letter", "hold")),
            new Key("sequin.ignore", "", value -> null),
            new Key("sequin.ledger-retention", "7d", Checks.duration(1, 3_650L * 86_400_000)),
            new Key("sequin.ledger-purge", "0 17 * * * ?", Checks::cronProblem),
            new Key("sequin.routes", "routes", Checks::routesProblem),
            new Key("sequin.migrate", "true", Checks.oneOf("true", "false")),
            new Key("postgres.url", null, Checks::jdbcProblem),
            new Key("postgres.user", "", value -> null),
            new Key("postgres.password", "", value -> null));

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Properties others = new Properties();
    private final List<String> warnings;
    private Path tokenFile;

    /**
     * Checks a configuration.
     *
     * @param given       the values by key, as the file has them
     * @param environment the value of an environment variable, or null
     * @throws SettingsException if anything is wrong, with every problem
     */
    public Settings(Properties given, UnaryOperator<String> environment) {
        this(given, environment, System.getProperties());
    }

    /** The same; {@code defined} are the system properties. */
    Settings(Properties given, UnaryOperator<String> environment, Properties defined) {
        this(given, environment, Map.of(), defined);
    }

    /** The same, with all variables of the environment, so that those which nobody asks for are found as well. */
    Settings(Properties given, Map<String, String> environment, Properties defined) {
        this(given, environment::get, environment, defined);
    }

    private Settings(
            Properties given, UnaryOperator<String> environment, Map<String, String> variables, Properties defined) {
        Map<String, String> problems = new TreeMap<>();
        for (Key key : KEYS) {
            String value = Objects.requireNonNullElseGet(
                            lookUp(key.name, given, environment, defined),
                            () -> Objects.requireNonNullElse(key.fallback, ""))
                    .strip();
            if (value.isEmpty() && key.fallback == null) {
                problems.put(key.name, "is missing");
            } else {
                String quotes = Checks.quotesProblem(value);
                String problem = quotes == null ? key.problem.apply(value) : quotes;
                if (problem != null) {
                    problems.put(key.name, problem);
                }
            }
            values.put(key.name, value);
        }
        for (String name : given.stringPropertyNames()) {
            if (!KeyNames.isOwn(name) && !name.startsWith("camel.")) {
                others.setProperty(name, given.getProperty(name));
            }
        }
        others.putAll(CamelKeys.read(given, variables, defined));
        problems.putAll(CamelKeys.problems(others));
        KeyNames names = new KeyNames(values.keySet());
        Stream.concat(given.stringPropertyNames().stream(), defined.stringPropertyNames().stream())
                .filter(name -> KeyNames.isOwn(name) && !values.containsKey(name))
                .forEach(name -> problems.put(name, names.problem(name)));
        warnings = names.warnings(given, variables, defined);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    /**
     * Reads a file.
     *
     * @param file the file, or null for application.properties in the working directory, if there is one
     * @throws SettingsException if anything is wrong, with every problem
     */
    public static Settings load(Path file) {
        Path path = file == null ? Path.of("application.properties") : file;
        // a file that was asked for by name must be there; without one, the environment may say it all
        if (file == null && !Files.exists(path)) {
            return new Settings(new Properties(), System.getenv(), System.getProperties());
        }
        Settings settings = new Settings(PropertiesFile.read(path), System.getenv(), System.getProperties());
        if (lookUp(TOKEN, new Properties(), System::getenv, System.getProperties()) == null) {
            settings.tokenFile = path;
        }
        return settings;
    }

    private static String lookUp(String key, Properties given, UnaryOperator<String> environment, Properties defined) {
        String value = defined.getProperty(key);
        if (value == null) {
            value = environment.apply(KeyNames.variable(key));
        }
        return value == null ? given.getProperty(key) : value;
    }

    /** The value of a key, as text. */
    public String get(String key) {
        return values.get(key);
    }

    /** The bearer token as it is now: one that stands in the file can change there. */
    Supplier<String> token() {
        String token = get(TOKEN);
        return tokenFile == null ? () -> token : new TokenFile(tokenFile, token);
    }

    /** The value of a key that holds a number. */
    public int number(String key) {
        return Integer.parseInt(get(key));
    }

    /** The values of a key that holds a list. */
    public List<String> list(String key) {
        return get(key).isEmpty() ? List.of() : List.of(get(key).split(" *, *"));
    }

    /** The value of a key that holds a duration, in milliseconds. */
    public long millis(String key) {
        return TimeUtils.toMilliSeconds(get(key));
    }

    /** Where the routes are: a URI to which a file's name can be added. */
    public String routes() {
        String routes = get("sequin.routes");
        return routes.startsWith("classpath:")
                ? routes
                : "file:" + Path.of(routes).toAbsolutePath().normalize();
    }

    /** The files in that folder that should be in its folder {@code collections}. */
    List<String> misplacedFiles() {
        String routes = get("sequin.routes");
        try {
            return routes.startsWith("classpath:") ? List.of() : MisplacedFiles.in(Path.of(routes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys that are not the bundle's own, for Camel. */
    public Properties others() {
        return others;
    }

    /** What is given, but likely in another way than it was meant: a line for each. */
    public List<String> warnings() {
        return warnings;
    }

    /** Configuration that cannot be used. */
    public static final class SettingsException extends RuntimeException {
        SettingsException(Map<String, String> problems) {
            super(message(problems));
        }

        private static String message(Map<String, String> problems) {
            List<String> lines = new ArrayList<>();
            lines.add("The configuration cannot be used:");
            problems.forEach((key, problem) -> lines.add("  " + key + " " + problem));
            return String.join(System.lineSeparator(), lines);
        }
    }
}
