package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import java.util.List;
import java.util.stream.Collectors;

/** The guard that a statement should have, and what it needs for that. */
record RightGuard(SqlStatement statement, Versions versions, Paths paths) {
    /** The condition. */
    String text() {
        boolean isUpsert = statement.verb() == Verb.INSERT;
        List<String> names = versions.areWritten()
                ? List.of(name(0), name(versions.all().size() > 1 && !paths.isConsume() ? 1 : 0))
                : paths.versionNames();
        String row = isUpsert || statement.verb() == Verb.MERGE ? SqlNames.quoted(statement.qualifier()) + "." : "";
        String first = row + names.get(0);
        if (paths.isConsume()) {
            return first + " is null or " + first + " <= " + (isUpsert ? "excluded." + names.get(0) : ":#updated_idx");
        }
        String proposed = isUpsert ? "excluded." : ":#metadata.";
        return "%s is null or (%s, %s%s) <= (%s%s, %s%s)"
                .formatted(
                        first,
                        first,
                        row,
                        names.get(1),
                        proposed,
                        isUpsert ? names.get(0) : "commit_lsn",
                        proposed,
                        isUpsert ? names.get(1) : "commit_idx");
    }

    private String name(int part) {
        return SqlNames.quoted(versions.of(part).iterator().next());
    }

    /** What must be written into columns. */
    String versionPaths() {
        return paths.version().stream()
                .map(path -> ":#" + String.join(".", path) + " into a column")
                .collect(Collectors.joining(" and "));
    }

    /** The path for a column by its name. */
    String versionPath(String column) {
        int part = paths.versionNames().indexOf(column);
        return ":#" + String.join(".", paths.version().get(Math.max(0, part)));
    }
}
