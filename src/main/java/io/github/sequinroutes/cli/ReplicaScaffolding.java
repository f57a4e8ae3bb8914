package io.github.sequinroutes.cli;

import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.scaffold.Scaffold;
import io.github.sequinroutes.scaffold.TablePattern;
import io.github.sequinroutes.source.Catalogue;
import io.github.sequinroutes.source.SourceTable;
import io.github.sequinroutes.source.SourceWarnings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Finds the tables that replicas are wanted of. */
final class ReplicaScaffolding {
    private final Scaffold scaffold;
    private final List<TablePattern> patterns;
    private final boolean softDeletes;
    private final Consumer<String> warnings;

    ReplicaScaffolding(Scaffold scaffold, List<TablePattern> patterns, boolean softDeletes, Consumer<String> warnings) {
        this.warnings = warnings;
        this.scaffold = scaffold;
        this.patterns = patterns;
        this.softDeletes = softDeletes;
    }

    /**
     * Plans the replicas; returns whether there is one of each table that was named.
     *
     * @throws IllegalArgumentException if a pattern matches no table
     */
    boolean plan(Connection source, Connection target) throws SQLException {
        List<SourceTable> tables = matching(source);
        if (source != target) { // else it is not said that this is the source
            new SourceWarnings(source, warnings).checkPublished(tables);
        }
        List<SourceTable> skipped = scaffold.plan(source, target, tables, softDeletes);
        // of a pattern those are left out that cannot be; one that was asked for by its name was asked for
        return skipped.stream()
                .noneMatch(table -> patterns.stream().anyMatch(pattern -> pattern.isExact() && pattern.matches(table)));
    }

    private List<SourceTable> matching(Connection source) throws SQLException {
        Catalogue catalogue = new Catalogue(source);
        List<SourceTable> all = catalogue.tables();
        List<String> unknown = new ArrayList<>();
        for (TablePattern pattern : patterns) {
            if (all.stream().noneMatch(pattern::matches)) {
                unknown.add(unknown(pattern, all, catalogue));
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), unknown));
        }
        List<SourceTable> matching = new ArrayList<>(all.stream()
                .filter(table -> patterns.stream().anyMatch(pattern -> pattern.matches(table)))
                .toList());
        for (SourceTable partition :
                matching.stream().filter(SourceTable::isPartition).toList()) {
            String root = catalogue.root(partition);
            if (matching.stream().anyMatch(table -> table.sqlName().equals(root))) {
                warnings.accept(partition.sqlName() + " is a partition of " + root
                        + ", whose collection writes its rows; it gets none of its own");
                matching.remove(partition);
            }
        }
        return matching;
    }

    /** That there is no table for a pattern, and which are near. */
    static String unknown(TablePattern pattern, List<SourceTable> all, Catalogue catalogue) throws SQLException {
        String kind = pattern.isExact()
                ? catalogue.otherKind(
                        pattern.tableName().schema(), pattern.tableName().name())
                : null;
        if (kind != null) {
            return "--table " + pattern + ": that is " + kind
                    + ", which has no key to write by; name the table behind it";
        }
        List<String> names = all.stream().map(SourceTable::sqlName).toList();
        return "--table " + pattern + ": there is no such table"
                + (names.isEmpty()
                        ? ", nor any other; is it the right database, and may the role see its schemas?"
                        : "; the nearest: " + String.join(", ", Nearest.several(pattern.toString(), names)));
    }
}
