package io.github.sequinroutes.template;

import java.util.List;
import java.util.Set;

/**
 * The values of a template's paths in a message.
 *
 * @param texts     the text of each parameter, or null for SQL NULL
 * @param unchanged the columns whose value the message lacks, because it has not changed or the row is deleted; their texts
 *                  are null
 */
record PathValues(String[] texts, Set<String> unchanged) {
    /** Stands for any column, where a path leads to the record as a whole. */
    static final String ANY = "";

    /** Whether a path leads to a column whose value is missing, or to a record with one. */
    static boolean isUnchanged(List<String> path, String dataField, Set<String> unchanged) {
        return path.get(0).equals(dataField) && unchanged.contains(path.size() == 1 ? ANY : path.get(1));
    }
}
