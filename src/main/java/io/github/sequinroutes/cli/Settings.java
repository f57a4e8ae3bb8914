package io.github.sequinroutes.cli;

import io.github.sequinroutes.collection.MisplacedFiles;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Checks;
import io.github.sequinroutes.config.Keys;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;

/**
 * The configuration: what {@code application.properties}, the environment and {@code -D} say, checked as a whole.
 * {@code -D} wins over the environment, and that over the file.
 */
public final class Settings {
    static final String TOKEN = "sequin.token";

    private static final String PREFIX = "sequin.";

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Properties others = new Properties();
    private final List<String> warnings;
    private final BundleConfig config;
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
        UnaryOperator<String> lookUp = key -> lookUp(key, given, environment, defined);
        config = BundleConfig.read(
                BundleConfig.DEFAULT_NAME, key -> lookUp.apply(PREFIX + key), PREFIX::concat, problems);
        Keys.ALL.forEach(key -> values.put(PREFIX + key.name(), config.text(key)));
        readPostgres(lookUp, problems);
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

    private void readPostgres(UnaryOperator<String> lookUp, Map<String, String> problems) {
        for (String key : List.of("postgres.url", "postgres.user", "postgres.password")) {
            String value = Objects.requireNonNullElse(lookUp.apply(key), "").strip();
            String problem = Checks.quotesProblem(value);
            if (key.equals("postgres.url")) {
                problem = value.isEmpty() ? "is missing" : problem == null ? JdbcUrl.problem(value) : problem;
            }
            if (problem != null) {
                problems.put(key, problem);
            }
            values.put(key, value);
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

    /** What the bundle is told. A token that stands in the file can change there. */
    public BundleConfig config() {
        return tokenFile == null ? config : config.withToken(new TokenFile(tokenFile, get(TOKEN)));
    }

    /** The value of a key that holds a number. */
    public int number(String key) {
        return Integer.parseInt(get(key));
    }

    /** The value of a key that holds a duration, in milliseconds. */
    public long millis(String key) {
        return TimeUtils.toMilliSeconds(get(key));
    }

    /** The files in that folder that should be in its folder {@code collections}. */
    List<String> misplacedFiles() {
        String routes = config.get(Keys.ROUTES);
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
