package io.github.sequinroutes.config;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The keys of one bundle of several: those with its name, and those without where it has none of its own. */
final class Scope {
    /** Of these one is given, and the bundle's own counts for both. */
    private static final List<List<String>> ALTERNATIVES = List.of(
            List.of("sequin.token", "sequin.token-file"),
            List.of("postgres.password", "postgres.password-file"),
            List.of("sequin.data-source", "postgres.url"));

    /** Two bundles that shared it would share its messages out between their databases. */
    static final String NEVER_SHARED = "sequin.consumer";

    private final String name;
    private final UnaryOperator<String> given;

    /** The keys of a bundle; {@code given} has the value of a key, or null. */
    Scope(String name, UnaryOperator<String> given) {
        this.name = name;
        this.given = given;
    }

    /** A key with the name of a bundle in it, e.g. {@code sequin.orders.url} for {@code sequin.url}. */
    static String named(String name, String key) {
        int prefix = key.indexOf('.') + 1;
        return name.equals(BundleConfig.DEFAULT_NAME)
                ? key
                : key.substring(0, prefix) + name + "." + key.substring(prefix);
    }

    /** The key whose value counts for a key without a name; the bundle's own if none is given. */
    String key(String key) {
        String own = named(name, key);
        boolean isOwn = key.equals(NEVER_SHARED)
                || alternatives(key).stream().anyMatch(one -> given.apply(named(name, one)) != null);
        return isOwn || given.apply(key) == null ? own : key;
    }

    /** What a key is called for a person: that of its alternatives which is given, or what a host has instead. */
    String called(String key) {
        if (key.startsWith("postgres.") && text("postgres.url").isEmpty()) {
            return text("sequin.data-source").isEmpty() ? "the host's DataSource" : key("sequin.data-source");
        }
        return key(alternatives(key).stream()
                .filter(one -> key.startsWith(one.substring(0, one.indexOf('.')))
                        && !text(one).isEmpty())
                .findFirst()
                .orElse(key));
    }

    private static List<String> alternatives(String key) {
        return ALTERNATIVES.stream()
                .filter(some -> some.contains(key))
                .findFirst()
                .orElse(List.of(key));
    }

    /** The value of a key without a name, or null. */
    String value(String key) {
        return given.apply(key(key));
    }

    /** The value of a key without a name, without spaces around it; empty if none is given. */
    String text(String key) {
        String value = value(key);
        return value == null ? "" : value.strip();
    }

    /** Says of which keys both are given, though only one can be. */
    void findContradictions(Map<String, String> problems) {
        for (List<String> some : ALTERNATIVES) {
            if (some.stream().noneMatch(key -> text(key).isEmpty())) {
                problems.put(key(some.get(1)), "cannot be given beside " + key(some.get(0)));
            }
        }
    }
}
