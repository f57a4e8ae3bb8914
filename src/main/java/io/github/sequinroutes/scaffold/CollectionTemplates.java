package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.scaffold.CollectionTable.Deletes;
import io.github.sequinroutes.scaffold.TableColumn.Update;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The route and the templates of one collection of the Consume API. */
final class CollectionTemplates {
    private static final String REPLACED = "%1$s = excluded.%1$s";
    private static final String KEPT = "%1$s = case when excluded.deleted then t.%1$s else excluded.%1$s end";
    private static final String KEPT_IF_MISSING =
            "%1$s = case when excluded.deleted then" + " coalesce(excluded.%1$s, t.%1$s)\n    else excluded.%1$s end";

    private final String collection;
    private final CollectionTable table;
    private final Identifiers identifiers;
    private final String target;

    CollectionTemplates(String collection, CollectionTable table, Identifiers identifiers) {
        this.collection = collection;
        this.table = table;
        this.identifiers = identifiers;
        target = identifiers.sql(table.schema()) + "." + identifiers.sql(table.table());
    }

    /** The name that its files begin with. */
    String name() {
        return Paths.file(collection);
    }

    /** The route. */
    String route() {
        String plain = collection.matches("[a-z][a-z0-9_]*:[a-z][a-z0-9_-]*") ? collection : Paths.yaml(collection);
        return """
                - templatedRoute:
                    routeTemplateRef: collection
                    routeId: %1$s
                    parameters:
                      - name: collection
                        value: %2$s
                      - name: upsert
                        value: %1$s.upsert.sql
                """.formatted(name(), plain)
                + (hasDelete() ? parameter("delete", name() + ".delete.sql") : "")
                + (table.hasVersion() ? "" : parameter("guard", "ledger"));
    }

    private static String parameter(String name, String value) {
        return "      - name: " + name + "\n        value: " + value + "\n";
    }

    /** Whether deletions have a template of their own. */
    boolean hasDelete() {
        return table.deletes() != Deletes.UPSERT;
    }

    /** The upsert template. */
    String upsert() {
        List<TableColumn> columns = table.columns();
        List<String> values = columns.stream().map(this::value).toList();
        String head = "-- One record of " + Printable.line(collection) + "."
                + (hasDelete() ? "" : " A deletion marks the row: what was known of the record stays.")
                + "\n"
                + table.notes().stream().map(note -> "-- " + note + "\n").collect(Collectors.joining());
        return head
                + "insert into " + target + " as t\n"
                + Lines.wrapped("  (", columns.stream().map(this::sql).toList(), ")", "   ")
                + "\nvalues\n"
                + Lines.wrapped("  (", values, ")", "   ")
                + "\non conflict (" + key(", ", column -> sql(column)) + ") do " + onConflict();
    }

    private String value(TableColumn column) {
        return hasDelete() && column.name().equals(StandardFields.DELETED) ? "false" : column.value();
    }

    private String onConflict() {
        List<String> updates = table.columns().stream()
                .filter(column -> column.update() != Update.KEY)
                .map(column -> "  " + update(column).formatted(sql(column)))
                .toList();
        return updates.isEmpty()
                ? "nothing\n"
                : "update set\n" + String.join(",\n", updates) + "\n" + guard("t.", "excluded.updated_idx");
    }

    private String update(TableColumn column) {
        if (hasDelete() || column.update() == Update.REPLACE) {
            return REPLACED;
        }
        return column.update() == Update.KEEP ? KEPT : KEPT_IF_MISSING;
    }

    private String guard(String row, String version) {
        return table.hasVersion()
                ? "where %1$supdated_idx is null or %1$supdated_idx <= %2$s%n".formatted(row, version)
                : "";
    }

    /** The template for deletions. */
    String delete() {
        String which = "where " + key(" and ", column -> sql(column) + " = " + column.value())
                + (table.hasVersion() ? " and (updated_idx is null or updated_idx <= :#updated_idx)" : "") + "\n";
        if (table.deletes() == Deletes.DELETE) {
            return "delete from " + target + " " + which;
        }
        return "-- A deletion marks the row: its columns could not be without the values that a deletion lacks.\n"
                + "update " + target + " set deleted = true"
                + (table.hasVersion() ? ", updated_idx = :#updated_idx" : "") + "\n" + which;
    }

    private String key(String between, Function<TableColumn, String> part) {
        return table.key().stream().map(part).collect(Collectors.joining(between));
    }

    private String sql(TableColumn column) {
        return identifiers.sql(column.name());
    }
}
