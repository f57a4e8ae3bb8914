package io.github.sequinroutes.scaffold;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names of the columns of one table, each given once. */
final class ColumnNames {
    /** A table has these by itself. */
    private static final List<String> OF_POSTGRES = List.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    private final Set<String> taken = new HashSet<>(OF_POSTGRES);

    /** Those of a table that has these already. */
    ColumnNames(List<String> names) {
        taken.addAll(names);
    }

    /** A name for a field: its own in snake case, or else with {@code data_} before it or a number behind. */
    String name(String field) {
        String plain = Identifiers.snake(field);
        String name = plain;
        if (!taken.add(name)) {
            name = Identifiers.snake("data_" + plain);
            for (int i = 2; !taken.add(name); i++) {
                name = Identifiers.with(plain, "_" + i);
            }
        }
        return name;
    }
}
