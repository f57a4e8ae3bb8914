package io.github.sequinroutes.cli;

import io.github.sequinroutes.failure.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.camel.util.StringHelper;

/** The names of the bundle's own keys, and names so like one that they are likely a typo. Values are never in a message. */
final class KeyNames {
    private static final List<String> PREFIXES = List.of("sequin", "postgres");
    private static final int MAX_TYPOS = 2;

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

    /** The environment variable for a key. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** What is wrong with a name that the bundle owns, or null if it is a key. */
    String problem(String name) {
        return keys.contains(name)
                ? null
                : "is no key; did you mean " + Nearest.to(name, keys) + "? The keys are " + String.join(", ", unnamed);
    }

    /** What is likely meant for the bundle, but not read by it: a line for each. */
    List<String> warnings(Properties file, Map<String, String> environment, Properties defined) {
        List<String> warnings = new ArrayList<>();
        for (String name : new TreeSet<>(file.stringPropertyNames())) {
            // in this file somebody may have meant a key without its beginning
            warn(name, "", isLikeOne(name) || endOfKey(name) != null, warnings);
        }
        for (String name : new TreeSet<>(defined.stringPropertyNames())) {
            warn(name, "-D", isLikeOne(name), warnings);
        }
        List<String> variables = keys.stream().map(KeyNames::variable).toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            String upper = name.toUpperCase(Locale.ROOT);
            boolean own = upper.startsWith("SEQUIN_") || upper.startsWith("POSTGRES_");
            String nearest = Nearest.to(upper, variables);
            if (CamelKeys.problemOfVariable(name) != null) {
                warnings.add("The environment variable %s is not used; %s"
                        .formatted(name, CamelKeys.problemOfVariable(name)));
            } else if (!variables.contains(name) && (own || Nearest.distance(upper, nearest) <= MAX_TYPOS)) {
                warnings.add("The environment variable %s is no key and not used; did you mean %s?"
                        .formatted(name, nearest));
            }
        }
        return warnings;
    }

    private void warn(String name, String form, boolean likeOne, List<String> warnings) {
        if (likeOne) {
            String key = endOfKey(name) == null ? Nearest.to(plain(name), keys) : endOfKey(name);
            warnings.add("%s%s is not used; did you mean %s?".formatted(form, name, key));
        } else if (CamelKeys.problem(name) != null) {
            warnings.add("%s%s is not used; %s".formatted(form, name, CamelKeys.problem(name)));
        }
    }

    /** A key that begins with another word than the bundle's, or is written in another way, but only just. */
    private boolean isLikeOne(String name) {
        if (isOwn(name) || name.startsWith("camel.")) {
            return false;
        }
        String plain = plain(name);
        String prefix = StringHelper.before(plain, ".", plain);
        return PREFIXES.stream().anyMatch(known -> plain.contains(".") && Nearest.distance(prefix, known) <= MAX_TYPOS)
                || keys.stream().anyMatch(key -> Nearest.distance(plain, key) <= MAX_TYPOS);
    }

    /** The key that ends with this name, or null. */
    private String endOfKey(String name) {
        return keys.stream().filter(key -> key.endsWith("." + name)).findFirst().orElse(null);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
