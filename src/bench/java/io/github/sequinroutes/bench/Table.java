package io.github.sequinroutes.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table in Markdown. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    /** A table with these columns, all aligned to the right; a list stands for its elements, here and in a row. */
    Table(Object... columns) {
        add(Collections.nCopies(add(columns), "---:"));
    }

    /** Adds a row, with a cell for each column; how many those are. */
    int add(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            (cell instanceof List<?> list ? list : List.of(cell)).forEach(one -> row.add(one.toString()));
        }
        text.append("| ").append(String.join(" | ", row)).append(" |\n");
        return row.size();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
