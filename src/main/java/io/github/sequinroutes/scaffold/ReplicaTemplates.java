package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.source.SourceColumn;
import io.github.sequinroutes.source.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of one collection: its route and templates.
 *
 * @param table       the table as the source has it
 * @param columns     those of its columns that are written
 * @param overrides   whether the target computes one of them by itself unless it is told not to
 * @param softDeletes whether deleted rows are marked, and versions are kept in the row
 */
record ReplicaTemplates(SourceTable table, List<SourceColumn> columns, boolean overrides, boolean softDeletes) {
    static final String DELETED = "deleted";
    static final String LSN = "commit_lsn";
    static final String IDX = "commit_idx";
    /** What soft deletes add to a table. */
    static final List<String> VERSION_COLUMNS = List.of(LSN, IDX, DELETED);

    private static final String ASSIGNMENT = "  %1$s = excluded.%1$s";
    /** A delete has only the key: all else stays as it was. */
    private static final String KEPT = "  %1$s = case when excluded.deleted then t.%1$s else excluded.%1$s end";

    /** A read of a backfill has no version: null on the right keeps it from what a change has written. */
    private static final String GUARD = "where t.commit_lsn is null"
            + " or (t.commit_lsn, t.commit_idx) <= (excluded.commit_lsn, excluded.commit_idx)\n";

    /** The name that its files begin with. */
    String name() {
        return Paths.file(table.schema(), table.name());
    }

    /** The route. */
    String route() {
        String delete = """
                      - name: delete
                        value: %s.delete.sql
                """.formatted(name());
        return """
                - templatedRoute:
                    routeTemplateRef: collection
                    routeId: %1$s
                    parameters:
                      - name: collection
                        value: %2$s
                      - name: upsert
                        value: %1$s.upsert.sql
                %3$s      - name: guard
                        value: %4$s
                """.formatted(
                name(), Paths.yaml(table.collection()), softDeletes ? "" : delete, softDeletes ? "template" : "ledger");
    }

    /** The upsert template. */
    String upsert() {
        List<String> names =
                new ArrayList<>(columns.stream().map(SourceColumn::sqlName).toList());
        List<String> values = new ArrayList<>(
                columns.stream().map(column -> Paths.parameter(column.name())).toList());
        if (softDeletes) {
            names.addAll(VERSION_COLUMNS);
            values.addAll(List.of(":#metadata.commit_lsn", ":#metadata.commit_idx", ":#action = 'delete'"));
        }
        return Lines.wrapped("insert into " + table.sqlName() + " as t (", names, ")", "  ")
                + (overrides ? "\noverriding system value" : "")
                + Lines.wrapped("\nvalues (", values, ")", "  ")
                + "\non conflict (" + String.join(", ", keyNames()) + ") do " + onConflict();
    }

    private String onConflict() {
        Stream<String> assignments = columns.stream()
                .filter(column -> !column.isKey() || hasSeveralTexts(column))
                .map(column -> (softDeletes && !column.isKey() ? KEPT : ASSIGNMENT).formatted(column.sqlName()));
        if (softDeletes) {
            assignments = Stream.concat(assignments, VERSION_COLUMNS.stream().map(ASSIGNMENT::formatted));
        }
        List<String> lines = assignments.toList();
        return lines.isEmpty()
                ? "nothing\n"
                : "update set\n" + String.join(",\n", lines) + "\n" + (softDeletes ? GUARD : "");
    }

    /** Whether a key can change and be equal to what it was, such as 1.50 and 1.5. */
    private static boolean hasSeveralTexts(SourceColumn column) {
        return column.type().startsWith("numeric") || column.type().endsWith("citext");
    }

    /** The delete template: a delete has the key, and nothing else for certain. */
    String delete() {
        return "delete from " + table.sqlName() + " where "
                + String.join(
                        " and ",
                        table.key().stream()
                                .map(column -> column.sqlName() + " = " + Paths.parameter(column.name()))
                                .toList())
                + "\n";
    }

    private List<String> keyNames() {
        return table.key().stream().map(SourceColumn::sqlName).toList();
    }
}
