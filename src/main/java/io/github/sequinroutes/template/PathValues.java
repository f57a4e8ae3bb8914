package io.github.sequinroutes.template;

import java.util.List;
import java.util.Set;

/** The values of a template's paths in a message. */
final class PathValues {
    /** Stands for any column, where a path leads to the record as a whole. */
    static final String ANY = "";

    private final String[] texts;
    private final Set<String> unchanged;

    /** The text of each parameter, or null for SQL NULL, and the columns whose value the message lacks. */
    PathValues(String[] texts, Set<String> unchanged) {
        this.texts = texts;
        this.unchanged = unchanged;
    }

    /** The text of each parameter, or null for SQL NULL. */
    String[] texts() {
        return texts;
    }

    /** The columns whose value the message lacks, because it has not changed or the row is deleted; their texts are null. */
    Set<String> unchanged() {
        return unchanged;
    }

    /** Whether a path leads to a column whose value is missing, or to a record with one. */
    static boolean isUnchanged(List<String> path, String dataField, Set<String> unchanged) {
        return path.get(0).equals(dataField) && unchanged.contains(path.size() == 1 ? ANY : path.get(1));
    }
}
