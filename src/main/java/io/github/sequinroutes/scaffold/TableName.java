package io.github.sequinroutes.scaffold;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a table.
 *
 * @param schema its schema
 * @param name   its own
 */
public record TableName(String schema, String name) {
    private static final String PUBLIC = "public";
    /** Not for tables of the user's: PostgreSQL's own, and the bundle's. */
    private static final Pattern RESERVED = Pattern.compile("pg_.*|information_schema|sequin");

    private static final Pattern PLURAL = Pattern.compile(".*[^su]s|.*data|.*field");
    private static final Pattern WITH_ES = Pattern.compile(".*(s|x|z|ch|sh)");
    private static final Pattern WITH_IES = Pattern.compile(".*[^aeiou]y");

    /** The table for a collection: {@code stripe.subscriptions} for {@code stripe:subscription}. */
    public static TableName of(String collection) {
        int colon = collection.indexOf(':');
        String schema = colon <= 0 ? PUBLIC : Identifiers.snake(collection.substring(0, colon));
        String rest = colon <= 0 ? collection : collection.substring(colon + 1);
        return RESERVED.matcher(schema).matches()
                ? new TableName(PUBLIC, plural(Identifiers.snake(collection)))
                : new TableName(schema, plural(Identifiers.snake(rest)));
    }

    private static String plural(String name) {
        if (PLURAL.matcher(name).matches() || !name.matches(".*[a-z]")) {
            return name.toLowerCase(Locale.ROOT);
        } else if (WITH_IES.matcher(name).matches()) {
            return Identifiers.with(name.substring(0, name.length() - 1), "ies");
        }
        return Identifiers.with(name, WITH_ES.matcher(name).matches() ? "es" : "s");
    }
}
