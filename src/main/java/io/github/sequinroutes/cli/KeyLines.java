package io.github.sequinroutes.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is to be said of keys, in the order in which a file has them; first that of keys which it does not have. */
final class KeyLines {
    private final Path file;
    private final List<Line> lines = new ArrayList<>();

    private record Line(int number, String text) {}

    /** Of keys in a file, or in none if it is null. */
    KeyLines(Path file) {
        this.file = file;
    }

    /**
     * Adds a line.
     *
     * @param before   what it begins with
     * @param isOfFile whether the file gives the key, if it has it, and nothing in place of it
     * @param text     what is to be said behind the place
     */
    void add(String before, boolean isOfFile, String key, String text) {
        String place = isOfFile && file != null ? PropertiesFile.place(file, key) : null;
        lines.add(
                place == null
                        ? new Line(0, before + text)
                        : new Line(PropertiesFile.line(file, key), before + place + ": " + text));
    }

    /** All of them. */
    List<String> byPlace() {
        return lines.stream()
                .sorted(Comparator.comparingInt(Line::number))
                .map(Line::text)
                .toList();
    }
}
