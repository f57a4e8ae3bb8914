package io.github.sequinroutes.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown whose columns are as wide as they must be: it reads well in a terminal, too. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these columns; the first is aligned to the left, the others to the right. */
    Table(String... columns) {
        rows.add(List.of(columns));
    }

    /** Adds a row, with a cell for each column. */
    void add(Object... cells) {
        rows.add(List.of(cells).stream().map(Object::toString).toList());
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(IntStream.range(0, widths.length)
                    .mapToObj(column -> padded(row.get(column), widths[column], column == 0))
                    .collect(Collectors.joining(" | ", "| ", " |")));
        }
        lines.add(
                1,
                IntStream.range(0, widths.length)
                        .mapToObj(column ->
                                column == 0 ? "-".repeat(widths[column] + 2) : "-".repeat(widths[column] + 1) + ":")
                        .collect(Collectors.joining("|", "|", "|")));
        return String.join("\n", lines);
    }

    private static String padded(String cell, int width, boolean left) {
        String padding = " ".repeat(width - cell.length());
        return left ? cell + padding : padding + cell;
    }
}
