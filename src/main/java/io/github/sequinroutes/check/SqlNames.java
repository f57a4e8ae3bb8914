package io.github.sequinroutes.check;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes names as SQL. */
final class SqlNames {
    /** Those that PostgreSQL takes for no column's name, unless they stand in quotes. */
    private static final Set<String> RESERVED = Set.of("""
            all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
            collation column concurrently constraint create cross current_date current_role current_time
            current_timestamp current_user default deferrable desc distinct do else end except false fetch for
            foreign freeze from full grant group having ilike in initially inner intersect into is isnull join
            lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order
            outer overlaps placing primary references returning right select session_user similar some symmetric
            table tablesample then to trailing true union unique user using variadic verbose when where window with""".split("\\s+", -1));

    private SqlNames() {}

    /** A name of one or more parts, in quotes where it needs them. */
    static String quoted(List<String> parts) {
        return parts.stream().map(SqlNames::quoted).collect(Collectors.joining("."));
    }

    /** Several names, in quotes where they need them, with commas between them. */
    static String list(Collection<String> names) {
        return names.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
    }

    /** A name, in quotes where it needs them. */
    static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") && !RESERVED.contains(name)
                ? name
                : '"' + name.replace("\"", "\"\"") + '"';
    }
}
