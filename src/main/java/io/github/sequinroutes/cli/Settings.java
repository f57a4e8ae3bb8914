package io.github.sequinroutes.cli;

import io.github.sequinroutes.cli.KeyNames.Doubt;
import io.github.sequinroutes.collection.MisplacedFiles;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.HostConfig;
import io.github.sequinroutes.config.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration: what {@code application.properties}, the environment and {@code -D} say, checked as a whole.
 * {@code -D} wins over the environment, and that over the file.
 */
public final class Settings {
    /** In the working directory. */
    static final Path DEFAULT_FILE = Path.of("application.properties");

    private static final String TOKEN = "sequin.token";

    private final Properties given;
    private final Path file;
    private final String logLevel;
    private final String log;
    private final Supplier<String> portToken;
    private final List<ConfiguredBundle> bundles;
    private final Properties others;
    private final List<Doubt> doubts;

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
        this.given = given;
        file = null;
        Map<String, String> problems = new TreeMap<>();
        UnaryOperator<String> lookUp = key -> lookUp(key, given, environment, defined);
        bundles = HostConfig.read(lookUp, problems);
        for (ConfiguredBundle bundle : bundles) {
            if (!bundle.hasDatabase()) {
                problems.put(bundle.key("postgres.url"), "is missing");
            }
        }
        logLevel = word(HostConfig.LOG_LEVEL, LogLevel.DEFAULT, lookUp, HostConfig::problemOfLogLevel, problems);
        log = word(HostConfig.LOG, LogFormat.TEXT, lookUp, HostConfig::problemOfLog, problems);
        portToken = HostConfig.portToken(lookUp, problems);
        others = new Properties();
        for (String name : given.stringPropertyNames()) {
            if (!KeyNames.isOwn(name) && !name.startsWith("camel.")) {
                others.setProperty(name, given.getProperty(name));
            }
        }
        others.putAll(CamelKeys.read(given, variables, defined));
        problems.putAll(CamelKeys.problems(others));
        KeyNames names = new KeyNames(HostConfig.keys(List.of()), HostConfig.keys(HostConfig.names(lookUp)));
        Set<String> unknown = Stream.concat(
                        given.stringPropertyNames().stream(), defined.stringPropertyNames().stream())
                .filter(name -> KeyNames.isOwn(name) && !names.contains(name))
                .collect(Collectors.toSet());
        unknown.forEach(name -> problems.put(name, names.problem(name)));
        doubts = names.doubts(given, variables, defined);
        problems.replaceAll((key, problem) -> problem.equals("is missing") ? KeyNames.missing(key) : problem);
        if (!problems.isEmpty()) {
            throw new SettingsException(
                    problems, doubts, unknown, key -> KeyNames.overruling(key, environment, defined), bundles);
        }
        doubts.addAll(FailureLists.doubts(bundles));
    }

    private Settings(Settings settings, Path file, List<ConfiguredBundle> bundles, List<Doubt> doubts) {
        given = settings.given;
        this.file = file;
        logLevel = settings.logLevel;
        log = settings.log;
        portToken = settings.portToken;
        others = settings.others;
        this.doubts = doubts;
        this.bundles = bundles;
    }

    private static String word(
            String key,
            String fallback,
            UnaryOperator<String> lookUp,
            UnaryOperator<String> problemOf,
            Map<String, String> problems) {
        String given = lookUp.apply(key);
        String value = given == null ? fallback : given.strip();
        String problem = problemOf.apply(value);
        if (problem != null) {
            problems.put(key, problem);
        }
        return value;
    }

    /**
     * Reads a file.
     *
     * @param file the file, or null for application.properties in the working directory, if there is one
     * @throws SettingsException if anything is wrong, with every problem
     */
    public static Settings load(Path file) {
        return load(file, Set.of());
    }

    /** The same without some keys, of which it has been told that they are none. */
    static Settings load(Path file, Set<String> without) {
        Path path = file == null ? DEFAULT_FILE : file;
        Properties defined = new Properties();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> !without.contains(name))
                .forEach(name -> defined.setProperty(name, System.getProperty(name)));
        // a file that was asked for by name must be there; without one, the environment may say it all
        if (file == null && !Files.exists(path)) {
            return new Settings(new Properties(), System.getenv(), defined);
        }
        Properties given = PropertiesFile.read(path);
        without.forEach(given::remove);
        Settings settings;
        try {
            settings = new Settings(given, System.getenv(), defined);
        } catch (SettingsException e) {
            throw e.in(path);
        }
        List<ConfiguredBundle> bundles = settings.bundles.stream()
                .map(bundle -> withChangingToken(bundle, path, given))
                .toList();
        List<Doubt> doubts = Stream.concat(settings.doubts.stream(), PropertiesFile.doubts(path).stream())
                .toList();
        return new Settings(settings, path, bundles, doubts);
    }

    /** A token that stands in the file can change there. */
    private static ConfiguredBundle withChangingToken(ConfiguredBundle bundle, Path file, Properties given) {
        BundleConfig config = bundle.config();
        String key = keyOfToken(bundle, given);
        boolean isInFile = config.text(Keys.TOKEN_FILE).isEmpty() && KeyNames.overruling(key) == null;
        return isInFile ? bundle.with(config.withToken(PropertiesFile.token(file, key))) : bundle;
    }

    private static String keyOfToken(ConfiguredBundle bundle, Properties given) {
        return HostConfig.keyOf(
                bundle.config().name(), TOKEN, one -> lookUp(one, given, System::getenv, System.getProperties()));
    }

    /** The key whose value is the token of a bundle. */
    String keyOfToken(ConfiguredBundle bundle) {
        return keyOfToken(bundle, given);
    }

    /** A key as it counts for a bundle, behind the place where the file has it; or what gives it in place of the file. */
    String placed(String bundle, String key) {
        String counts =
                HostConfig.keyOf(bundle, key, one -> lookUp(one, given, System::getenv, System.getProperties()));
        String overruling = KeyNames.overruling(counts);
        String place = file == null || overruling != null ? null : PropertiesFile.place(file, counts);
        return overruling != null ? overruling : (place == null ? "" : place + ": ") + counts;
    }

    private static String lookUp(String key, Properties given, UnaryOperator<String> environment, Properties defined) {
        String value = defined.getProperty(key);
        if (value == null) {
            value = KeyNames.given(environment.apply(KeyNames.variable(key)));
        }
        return value == null ? given.getProperty(key) : value;
    }

    /** The values by key, as the file has them. */
    Properties given() {
        return given;
    }

    /** How much is logged, such as {@code info}. */
    String logLevel() {
        return logLevel;
    }

    /** What the lines of the log look like, such as {@code json}. */
    String log() {
        return log;
    }

    /** What somebody must show who looks at the port, as it is now; empty if nothing. */
    Supplier<String> portToken() {
        return portToken;
    }

    /** The bundles that run in this process. */
    public List<ConfiguredBundle> bundles() {
        return bundles;
    }

    /**
     * The same configuration for one of its bundles.
     *
     * @throws SettingsException if there is none of this name
     */
    Settings only(String name) {
        List<ConfiguredBundle> one = bundles.stream()
                .filter(bundle -> bundle.config().name().equals(name))
                .toList();
        if (one.isEmpty()) {
            throw new SettingsException(
                    Map.of("--bundle", "names no bundle: " + name + "; there are " + String.join(", ", names())));
        }
        return new Settings(this, file, one, doubts);
    }

    /** The names of the bundles that run in this process. */
    List<String> names() {
        return bundles.stream().map(bundle -> bundle.config().name()).toList();
    }

    /** The files in the folders with routes that should be in their folders {@code collections}. */
    List<String> misplacedFiles() {
        List<String> misplaced = new ArrayList<>();
        for (ConfiguredBundle bundle : bundles) {
            String routes = bundle.config().get(Keys.ROUTES);
            try {
                misplaced.addAll(routes.startsWith("classpath:") ? List.of() : MisplacedFiles.in(Path.of(routes)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return misplaced;
    }

    /** The keys that are not the bundle's own, for Camel. */
    public Properties others() {
        return others;
    }

    /** What is given, but likely in another way than it was meant: a line for each. */
    public List<String> warnings() {
        return doubts.stream().map(Doubt::text).toList();
    }

    /** The same, and how certain each is. */
    List<Doubt> doubts() {
        return doubts;
    }
}
