package io.github.sequinroutes.bench;

import java.util.HashMap;
import java.util.Map;

/** How a whole divides among names. */
final class Shares {
    private final Map<String, Long> weights = new HashMap<>();
    private long whole;

    /** Adds to the part of a name. */
    void add(String name, long weight) {
        weights.merge(name, weight, Long::sum);
        whole += weight;
    }

    /** The largest parts, in percent. */
    Table table(String column, int most) {
        Table table = new Table(column, "%");
        weights.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(most)
                .forEach(part -> table.add(part.getKey(), "%.1f".formatted(100.0 * part.getValue() / whole)));
        return table;
    }

    /** The sum of all parts. */
    long whole() {
        return whole;
    }
}
