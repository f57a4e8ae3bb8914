package io.github.sequinroutes.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.config.Validators;
import io.github.sequinroutes.failure.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;

/**
 * The keys that are Camel's. They can be given in the same three places as the bundle's own, and are read here for all
 * of them: Camel would look into each place by itself, and find another port than the one that was checked.
 */
final class CamelKeys {
    static final String PORT = "camel.management.port";
    static final String HOST = "camel.management.host";
    static final String ENABLED = "camel.management.enabled";

    /** What Camel could serve on the port by which somebody changes what runs, or sends it messages. */
    private static final List<String> ACTING = List.of(
            "camel.management.devConsoleEnabled",
            "camel.management.jolokiaEnabled",
            "camel.management.sendEnabled",
            "camel.management.uploadEnabled");

    /** Camel Main reads these groups, and passes over all others in silence. */
    private static final List<String> GROUPS = List.of(
            "beans",
            "component",
            "context",
            "dataformat",
            "debug",
            "devConsole",
            "faulttolerance",
            "globalOptions",
            "health",
            "language",
            "lra",
            "main",
            "management",
            "mdc",
            "metrics",
            "opentelemetry",
            "opentelemetry2",
            "resilience4j",
            "rest",
            "routeController",
            "server",
            "ssl",
            "startupcondition",
            "telemetryDev",
            "threadpool",
            "trace",
            "variable",
            "vault");

    /** In these groups the options belong to something that has a name. */
    private static final String NAMED = "(?:component|dataformat|language|vault)";

    private static final Pattern KEY =
            Pattern.compile("(camel\\.(?:" + NAMED + "\\.[^.]+|[^.]+)\\.)([^\\[]+)(.*)", Pattern.DOTALL);
    private static final Pattern VARIABLE = Pattern.compile("(CAMEL_(?:" + NAMED.toUpperCase(Locale.ROOT)
            + "_[A-Z0-9]+|" + String.join("|", GROUPS).toUpperCase(Locale.ROOT) + ")_)([A-Z0-9_]+)");

    /** Variables that many images and tools set, and that have nothing to do with a key. */
    private static final Pattern OF_OTHERS = Pattern.compile("CAMEL_(HOME|VERSION|OPTS|JBANG.*|K_.*)");

    private static final String OPTIONS = "/META-INF/camel-main-configuration-metadata.json";
    private static final int MAX_TYPOS = 3;

    private CamelKeys() {}

    /** Why nobody reads a variable of the environment that looks like one of Camel's; null if somebody may. */
    static String problemOfVariable(String variable) {
        String[] parts = variable.split("_", 3);
        if (parts.length < 3
                || !parts[0].equals("CAMEL")
                || VARIABLE.matcher(variable).matches()
                || OF_OTHERS.matcher(variable).matches()) {
            return null;
        }
        List<String> groups =
                GROUPS.stream().map(group -> group.toUpperCase(Locale.ROOT)).toList();
        return "Camel has no keys that begin with CAMEL_%s_; did you mean CAMEL_%s_%s?"
                .formatted(parts[1], Nearest.to(parts[1], groups), parts[2]);
    }

    /** Camel's keys with the values that count: {@code -D} wins over the environment, and that over the file. */
    static Properties read(Properties file, Map<String, String> environment, Properties defined) {
        Properties values = new Properties();
        put(file, values);
        Properties fromEnvironment = new Properties();
        environment.forEach((name, value) -> {
            String key = key(name, file, defined);
            if (key != null) {
                fromEnvironment.setProperty(key, value);
            }
        });
        put(fromEnvironment, values);
        put(defined, values);
        return values;
    }

    private static void put(Properties given, Properties values) {
        given.stringPropertyNames().stream()
                .filter(name -> name.startsWith("camel."))
                .forEach(name -> values.setProperty(canonical(name), given.getProperty(name)));
    }

    /** One spelling for each key: Camel takes {@code health-path} and {@code healthPath} for the same. */
    private static String canonical(String name) {
        Matcher key = KEY.matcher(name);
        return key.matches() ? key.group(1) + StringHelper.dashToCamelCase(key.group(2)) + key.group(3) : name;
    }

    /** The key for an environment variable; null if it has nothing to do with Camel. */
    private static String key(String variable, Properties file, Properties defined) {
        Matcher parts = VARIABLE.matcher(variable);
        if (!parts.matches()) {
            return null;
        }
        // a key that stands elsewhere says where its dots and dashes are
        return Stream.of(file, defined)
                .flatMap(given -> given.stringPropertyNames().stream())
                .filter(name ->
                        name.startsWith("camel.") && KeyNames.variable(name).equals(variable))
                .findFirst()
                .orElseGet(() -> parts.group(1).toLowerCase(Locale.ROOT).replace('_', '.')
                        + parts.group(2).toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Why nobody reads a key that begins with {@code camel.}; null if somebody may. */
    static String problem(String name) {
        String group = StringHelper.before(StringHelper.after(name, "camel.", ""), ".", "");
        String plain = group.replace("-", "");
        if (!name.startsWith("camel.") || GROUPS.stream().anyMatch(plain::equalsIgnoreCase)) {
            return null;
        }
        return "Camel has no keys that begin with camel.%s; did you mean camel.%s?"
                .formatted(group, Nearest.to(group, GROUPS));
    }

    /** The option of Camel Main that is nearest to a name that is none; null if it is one, or nothing is near. */
    static String nearestOption(String name) {
        try (InputStream in = CamelKeys.class.getResourceAsStream(OPTIONS)) {
            List<String> options =
                    new ObjectMapper().readTree(in).get("properties").findValuesAsText("name");
            String nearest = Nearest.to(name, options);
            return options.contains(name) || Nearest.distance(name, nearest) > MAX_TYPOS ? null : nearest;
        } catch (IOException e) {
            throw new UncheckedIOException(OPTIONS + " is not on the class path", e);
        }
    }

    /** What is wrong with the values of the keys on which the start depends, by key. */
    static Map<String, String> problems(Properties values) {
        Map<String, String> problems = new TreeMap<>();
        String port = Validators.number(0, 65_535).apply(values.getProperty(PORT, "0"));
        if (port != null) {
            problems.put(PORT, port);
        }
        for (String acting : ACTING) {
            if ("true".equalsIgnoreCase(values.getProperty(acting, "").strip())) {
                problems.put(
                        acting, "cannot be true: what is on this port shows how the process does, and changes nothing");
            }
        }
        String enabled = Validators.oneOf("true", "false").apply(values.getProperty(ENABLED, "true"));
        if (enabled != null) {
            problems.put(ENABLED, enabled);
        }
        return problems;
    }
}
