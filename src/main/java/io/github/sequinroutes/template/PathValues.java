package io.github.sequinroutes.template;

import java.util.List;
import java.util.Set;

/** The values of a template's paths in a message. */
final class PathValues {
    /** Stands for any column, where a path leads to the record as a whole. */
    static final String ANY = "";

    private final String[] texts;
    private final Set<String> unchanged;
    private final boolean needsRow;

    /**
     * The text of each parameter, or null for SQL NULL.
     *
     * @param unchanged the columns whose value the message lacks
     * @param needsRow  whether the row must have one of these
     */
    PathValues(String[] texts, Set<String> unchanged, boolean needsRow) {
        this.texts = texts;
        this.unchanged = unchanged;
        this.needsRow = needsRow;
    }

    /** Whether it lacks a value that only the row has: a row that is not there is a fault. */
    boolean needsRow() {
        return needsRow;
    }

    /** The text of each parameter, or null for SQL NULL. */
    String[] texts() {
        return texts;
    }

    /** The columns whose value the message lacks, because it has not changed, the row is deleted, or the column is newer than the message; their texts are null. */
    Set<String> unchanged() {
        return unchanged;
    }

    /** Whether a path leads to a column whose value is missing, or to a record with one. */
    static boolean isUnchanged(List<String> path, String dataField, Set<String> unchanged) {
        return path.get(0).equals(dataField) && unchanged.contains(path.size() == 1 ? ANY : path.get(1));
    }
}
