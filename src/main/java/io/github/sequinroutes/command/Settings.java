package io.github.sequinroutes.command;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
import java.util.function.UnaryOperator;
import org.apache.camel.util.TimeUtils;
import org.quartz.CronExpression;

/**
 * The configuration: what {@code application.properties}, the environment and {@code -D} say, checked as a whole.
 * {@code -D} wins over the environment, and that over the file.
 */
public final class Settings {
    private record Key(String name, String fallback, Function<String, String> problem) {}

    private static final Function<String, String> SQLSTATES = matches(
            "([0-9A-Z]{2}|[0-9A-Z]{5})?( *, *([0-9A-Z]{2}|[0-9A-Z]{5}))*", "a list of SQLSTATEs such as 08, 55P03");

    /** Every key, with its default (null: it must be given) and what can be wrong with its value. */
    private static final List<Key> KEYS = List.of(
            new Key("sequin.url", null, Settings::urlProblem),
            new Key("sequin.api", "consume", oneOf("consume")),
            new Key("sequin.consumer", null, matches("[A-Za-z0-9._~-]+", "a consumer's ID or name")),
            new Key("sequin.token", "", matches("[\\x21-\\x7e]*", "a token without spaces or line breaks")),
            new Key("sequin.batch-size", "1000", number(1, 1000)),
            // a stop waits for the long poll in flight
            new Key("sequin.wait-for", "5s", duration(0, 30_000)),
            new Key("sequin.workers", "2", number(1, 64)),
            new Key("sequin.schedule", "continuous", Settings::scheduleProblem),
            new Key("sequin.ack-wait", "30s", duration(500, 86_400_000)),
            new Key("sequin.dead-letters-per-second", "100", number(1, 1_000_000)),
            new Key("sequin.failures.retry", "08, 25, 26, 40, 53, 55, 57, 58", SQLSTATES),
            new Key("sequin.failures.stop", "0A, 28, 3D, 3F, 42", SQLSTATES),
            new Key("sequin.failures.reject", "09, 21, 22, 23, 27, 38, 39, 44, 54, P0", SQLSTATES),
            new Key("sequin.ledger-retention", "7d", duration(1, 3_650L * 86_400_000)),
            new Key("sequin.ledger-purge", "0 17 * * * ?", Settings::cronProblem),
            new Key("sequin.routes", "routes", Settings::routesProblem),
            new Key("sequin.migrate", "true", oneOf("true", "false")),
            new Key("postgres.url", null, Settings::jdbcProblem),
            new Key("postgres.user", "", value -> null),
            new Key("postgres.password", "", value -> null));

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Properties others = new Properties();

    /**
     * Checks a configuration.
     *
     * @param given       the values by key, as the file has them
     * @param environment the value of an environment variable, or null
     * @throws SettingsException if anything is wrong, with every problem
     */
    public Settings(Properties given, UnaryOperator<String> environment) {
        Map<String, String> problems = new TreeMap<>();
        for (Key key : KEYS) {
            String value = Objects.requireNonNullElseGet(
                            lookUp(key.name, given, environment), () -> Objects.requireNonNullElse(key.fallback, ""))
                    .strip();
            if (value.isEmpty() && key.fallback == null) {
                problems.put(key.name, "is missing");
            } else {
                String problem = key.problem.apply(value);
                if (problem != null) {
                    problems.put(key.name, problem);
                }
            }
            values.put(key.name, value);
        }
        for (String name : given.stringPropertyNames()) {
            if (!values.containsKey(name)) {
                if (name.startsWith("sequin.") || name.startsWith("postgres.")) {
                    problems.put(name, "is no key; the keys are " + String.join(", ", values.keySet()));
                }
                others.setProperty(name, given.getProperty(name));
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    /**
     * Reads a file; a file that is not there is as good as an empty one.
     *
     * @throws SettingsException if anything is wrong, with every problem
     */
    public static Settings load(Path file) {
        Properties given = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                given.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new SettingsException(Map.of(file.toString(), "cannot be read: " + e.getMessage()));
            }
        }
        return new Settings(given, System::getenv);
    }

    private static String lookUp(String key, Properties given, UnaryOperator<String> environment) {
        String value = System.getProperty(key);
        if (value == null) {
            value = environment.apply(key.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_"));
        }
        return value == null ? given.getProperty(key) : value;
    }

    /** The value of a key, as text. */
    public String get(String key) {
        return values.get(key);
    }

    /** The value of a key that holds a number. */
    public int number(String key) {
        return Integer.parseInt(get(key));
    }

    /** The values of a key that holds a list. */
    public List<String> list(String key) {
        return List.of(get(key).split(" *, *"));
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

    /** The keys that are not the bundle's own, for Camel. */
    public Properties others() {
        return others;
    }

    private static String urlProblem(String value) {
        try {
            URI url = URI.create(value);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean plain = url.getQuery() == null && url.getFragment() == null && url.getUserInfo() == null;
            return http && url.getHost() != null && plain && !value.endsWith("/")
                    ? null
                    : "must be a base URL such as http://localhost:7376, without user, query or '/' at the end";
        } catch (IllegalArgumentException e) {
            return "is not a URL";
        }
    }

    private static String jdbcProblem(String value) {
        return value.startsWith("jdbc:postgresql:")
                ? null
                : "must be a JDBC URL such as jdbc:postgresql://localhost:5432/database";
    }

    private static String scheduleProblem(String value) {
        return value.equals("continuous") || cronProblem(value) == null
                ? null
                : "must be 'continuous' or a Quartz cron expression such as 0 0/5 * * * ?, not '" + value + "'";
    }

    private static String cronProblem(String value) {
        return CronExpression.isValidExpression(value)
                ? null
                : "must be a Quartz cron expression such as 0 0/5 * * * ?, not '" + value + "'";
    }

    private static String routesProblem(String value) {
        return value.startsWith("classpath:") || Files.isDirectory(Path.of(value, "collections"))
                ? null
                : "must be a folder with the routes in it, and '"
                        + Path.of(value).toAbsolutePath() + "' has no folder 'collections'";
    }

    private static Function<String, String> oneOf(String... allowed) {
        return value -> List.of(allowed).contains(value)
                ? null
                : "must be " + String.join(" or ", allowed) + ", not '" + value + "'";
    }

    private static Function<String, String> matches(String pattern, String what) {
        return value -> value.matches(pattern) ? null : "must be " + what;
    }

    private static Function<String, String> number(int least, int most) {
        return value -> {
            boolean valid =
                    value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most;
            return valid ? null : "must be a whole number from %d to %d, not '%s'".formatted(least, most, value);
        };
    }

    private static Function<String, String> duration(long least, long most) {
        return value -> {
            try {
                long millis = TimeUtils.toMilliSeconds(value);
                if (millis >= least && millis <= most) {
                    return null;
                }
            } catch (IllegalArgumentException e) {
                // said below
            }
            return "must be a duration such as 500ms, 5s or 2m, from %d to %d ms, not '%s'"
                    .formatted(least, most, value);
        };
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
