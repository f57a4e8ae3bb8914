package io.github.sequinroutes.sandbox.replication;

import java.util.List;
import java.util.Set;

/**
 * A row as pgoutput sends it.
 *
 * @param texts its values in the order of the columns, in PostgreSQL's text form; null for SQL NULL
 * @param unchanged the indexes of the values that are not sent: they are stored out of line and have not changed
 */
public record Tuple(List<String> texts, Set<Integer> unchanged) {
    /** Whether a value is not sent. */
    public boolean isUnchanged(int index) {
        return unchanged.contains(index);
    }
}
