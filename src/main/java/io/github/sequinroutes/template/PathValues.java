package io.github.sequinroutes.template;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The values of a template's paths in a message. As long as nobody asks for their texts, those that stand in the message as
 * they go to the server stay there. Not thread-safe.
 */
final class PathValues {
    /** Stands for any column, where a path leads to the record as a whole. */
    static final String ANY = "";

    private final byte[] bytes;
    private final String[] texts;
    /** Where in the bytes the value of each parameter begins and ends; both are 0 if it does not stand there. */
    private final int[] ranges;

    private Set<String> unchanged = Set.of();
    private boolean needsRow;

    /** Those of a message with these bytes, all of them as they are without a value. */
    PathValues(byte[] bytes, String[] blank) {
        this.bytes = bytes;
        texts = blank.clone();
        ranges = new int[2 * texts.length];
    }

    /** These texts, each null for SQL NULL. */
    PathValues(String[] texts) {
        bytes = new byte[0];
        this.texts = texts;
        ranges = new int[2 * texts.length];
    }

    /** Sets a value to a text, or to null for SQL NULL. */
    void set(int parameter, String text) {
        setRange(parameter, 0, 0);
        texts[parameter] = text;
    }

    /** Sets a value to what stands there in the message, which is UTF-8. */
    void setRange(int parameter, int from, int to) {
        texts[parameter] = null;
        ranges[2 * parameter] = from;
        ranges[2 * parameter + 1] = to;
    }

    /**
     * Notes what the message lacks.
     *
     * @param columns the columns whose value it lacks
     * @param mustBe  whether the row must have one of these
     */
    void lack(Set<String> columns, boolean mustBe) {
        unchanged = columns;
        needsRow = mustBe;
    }

    /** Whether it lacks a value that only the row has: a row that is not there is a fault. */
    boolean needsRow() {
        return needsRow;
    }

    /** The text of each parameter, or null for SQL NULL. */
    String[] texts() {
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(i);
        }
        return texts;
    }

    /** The text of one. */
    String text(int parameter) {
        return texts[parameter] == null && isInMessage(parameter)
                ? new String(bytes, ranges[2 * parameter], sizeInMessage(parameter), StandardCharsets.UTF_8)
                : texts[parameter];
    }

    private boolean isInMessage(int parameter) {
        return ranges[2 * parameter] > 0; // there is always a brace before it
    }

    /** How many bytes a value has that stands in the message as it goes to the server, or -1 if it does not. */
    int sizeInMessage(int parameter) {
        return isInMessage(parameter) ? ranges[2 * parameter + 1] - ranges[2 * parameter] : -1;
    }

    /** Copies a value that stands in the message. */
    void copyFromMessage(int parameter, byte[] into, int at) {
        System.arraycopy(bytes, ranges[2 * parameter], into, at, sizeInMessage(parameter));
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
