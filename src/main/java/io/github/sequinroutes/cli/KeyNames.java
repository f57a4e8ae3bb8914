package io.github.sequinroutes.cli;

import io.github.sequinroutes.failure.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.camel.util.StringHelper;

/** The names of the bundle's own keys, and names so like one that they are likely a typo. Values are never in a message. */
final class KeyNames {
    private static final List<String> PREFIXES = List.of("sequin", "postgres");
    private static final int MAX_TYPOS = 2;
    /** What belongs to a collection, and not to the bundle. */
    private static final Set<String> OF_ROUTES = Set.of("collection", "upsert", "delete", "guard");

    /**
     * A name that nobody reads.
     *
     * @param name   as it was given, with the {@code -D} before it
     * @param text   what is to be said of it
     * @param isTypo whether it is so near to a key that it can hardly be anything else
     */
    record Doubt(String name, String text, boolean isTypo) {}

    private final Collection<String> unnamed;
    private final Collection<String> keys;

    /**
     * The names of keys.
     *
     * @param unnamed those that a person is told
     * @param keys    these, and those with the name of a bundle in them
     */
    KeyNames(Collection<String> unnamed, Collection<String> keys) {
        this.unnamed = unnamed;
        this.keys = keys;
    }

    /** Whether it is a key. */
    boolean contains(String name) {
        return keys.contains(name);
    }

    /** Whether nobody but the bundle can have a key of this name. */
    static boolean isOwn(String name) {
        return name.startsWith("sequin.") || name.startsWith("postgres.");
    }

    /** The value of an environment variable; null if it is empty, as that of a container whose value is given nowhere. */
    static String given(String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    /** The environment variable for a key. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** What gives a key in place of a file, such as {@code -Dsequin.workers}; null if nothing does. */
    static String overruling(String key, UnaryOperator<String> environment, Properties defined) {
        if (defined.getProperty(key) != null) {
            return "-D" + key;
        }
        return given(environment.apply(variable(key))) == null ? null : "The environment variable " + variable(key);
    }

    /** The same, of this process. */
    static String overruling(String key) {
        return overruling(key, System::getenv, System.getProperties());
    }

    /** What is to be said of a key that must be given. */
    static String missing(String key) {
        String value = key.endsWith(".consumer")
                ? "(the consumer's ID)"
                : key.startsWith("postgres.") ? "jdbc:postgresql://localhost:5432/postgres" : "http://localhost:7376";
        return "is missing; write %s=%s into application.properties, or set %s".formatted(key, value, variable(key));
    }

    /** What is wrong with a name that the bundle owns, or null if it is a key. */
    String problem(String name) {
        if (keys.contains(name)) {
            return null;
        }
        String parameter = name.substring(name.indexOf('.') + 1);
        if (OF_ROUTES.contains(parameter)) {
            return "is no key; " + parameter
                    + " is a parameter of a route: write it in the file of the collection, as '- name: " + parameter
                    + "' and 'value: ...'";
        }
        String hint = Nearest.hint(name, keys);
        return "is no key" + (hint.isEmpty() ? "; the keys are " + String.join(", ", unnamed) : hint);
    }

    /** What is likely meant for the bundle, but not read by it: a line for each. */
    List<Doubt> doubts(Properties file, Map<String, String> environment, Properties defined) {
        List<Doubt> doubts = new ArrayList<>();
        for (String name : new TreeSet<>(file.stringPropertyNames())) {
            // in this file somebody may have meant a key without its beginning
            find(name, "", isLikeOne(name) || endOfKey(name) != null, doubts);
            String exported = file.getProperty(name).replaceFirst("(?s)\\s*[=: ].*", "");
            if (Set.of("export", "set").contains(name) && keys.contains(exported)) {
                String text = "%1$s %2$s is not used; leave out %1$s";
                doubts.add(new Doubt(name, text.formatted(name, exported), true));
            }
        }
        for (String name : new TreeSet<>(defined.stringPropertyNames())) {
            find(name, "-D", isLikeOne(name), doubts);
        }
        List<String> variables = keys.stream().map(KeyNames::variable).toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            String upper = name.toUpperCase(Locale.ROOT);
            boolean own = upper.startsWith("SEQUIN_") || upper.startsWith("POSTGRES_");
            boolean near = variables.stream().anyMatch(known -> Nearest.isWithin(MAX_TYPOS, upper, known));
            if (CamelKeys.problemOfVariable(name) != null) {
                String text = "The environment variable %s is not used; %s";
                doubts.add(new Doubt(name, text.formatted(name, CamelKeys.problemOfVariable(name)), false));
            } else if (!variables.contains(name) && (own || near)) {
                String text = "The environment variable %s is no key and not used; did you mean %s?";
                doubts.add(new Doubt(name, text.formatted(name, Nearest.to(upper, variables)), near));
            }
        }
        return doubts;
    }

    private void find(String name, String form, boolean likeOne, List<Doubt> doubts) {
        if (likeOne) {
            String key = endOfKey(name) == null ? Nearest.to(plain(name), keys) : endOfKey(name);
            doubts.add(new Doubt(
                    form + name,
                    "%s%s is not used; did you mean %s?".formatted(form, name, key),
                    Nearest.isWithin(MAX_TYPOS, plain(name), key)));
        } else if (CamelKeys.problem(name) != null) {
            doubts.add(new Doubt(
                    form + name, "%s%s is not used; %s".formatted(form, name, CamelKeys.problem(name)), false));
        }
    }

    /** A key that begins with another word than the bundle's, or is written in another way, but only just. */
    private boolean isLikeOne(String name) {
        if (isOwn(name) || name.startsWith("camel.")) {
            return false;
        }
        String plain = plain(name);
        String prefix = StringHelper.before(plain, ".", plain);
        return PREFIXES.stream().anyMatch(known -> plain.contains(".") && Nearest.isWithin(MAX_TYPOS, prefix, known))
                || keys.stream().anyMatch(key -> Nearest.isWithin(MAX_TYPOS, plain, key));
    }

    /** The key that ends with this name, or null. */
    private String endOfKey(String name) {
        return keys.stream().filter(key -> key.endsWith("." + name)).findFirst().orElse(null);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
