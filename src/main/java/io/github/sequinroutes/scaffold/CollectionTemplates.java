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
    private static final String KEPT = "%1$s = case when %2$s then t.%1$s else excluded.%1$s end";
    private static final String KEPT_IF_MISSING =
            "%1$s = case when %2$s then coalesce(excluded.%1$s, t.%1$s)\n    else excluded.%1$s end";
    /** A row is deleted since its first deletion, which can come again. */
    private static final String SINCE = "%1$s = case when %2$s then coalesce(t.%1$s, excluded.%1$s) end";

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
                + (table.version() == null ? parameter("guard", "ledger") : "");
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
        if (hasDelete() && isMark(column)) {
            return table.mark().kind().alive();
        }
        return column.value();
    }

    private boolean isMark(TableColumn column) {
        return table.mark() != null && table.mark().column().equals(column.name());
    }

    private String onConflict() {
        List<String> updates = table.columns().stream()
                .filter(column -> column.update() != Update.KEY)
                .map(column -> "  " + update(column).formatted(sql(column), isDeleted()))
                .toList();
        return updates.isEmpty()
                ? "nothing\n"
                : "update set\n" + String.join(",\n", updates) + "\n" + guard("t.", "excluded." + version());
    }

    private String update(TableColumn column) {
        if (!hasDelete() && isMark(column) && table.mark().isTime()) {
            return SINCE;
        } else if (hasDelete() || column.update() == Update.REPLACE) {
            return REPLACED;
        }
        return column.update() == Update.KEEP ? KEPT : KEPT_IF_MISSING;
    }

    private String isDeleted() {
        return table.mark() == null
                ? ""
                : "excluded." + identifiers.sql(table.mark().column())
                        + table.mark().kind().test();
    }

    private String version() {
        return table.version() == null ? null : identifiers.sql(table.version());
    }

    private String guard(String row, String version) {
        return table.version() == null
                ? ""
                : "where %1$s%2$s is null or %1$s%2$s <= %3$s%n".formatted(row, version(), version);
    }

    /** The template for deletions. */
    String delete() {
        String which = "where " + key(" and ", column -> sql(column) + " = " + column.value())
                + (table.version() == null ? "" : " and (%1$s is null or %1$s <= :#updated_idx)".formatted(version()))
                + "\n";
        if (table.deletes() == Deletes.DELETE) {
            return "delete from " + target + " " + which;
        }
        return "-- A deletion marks the row: its columns could not be without the values that a deletion lacks.\n"
                + "update " + target + " set " + mark()
                + (table.version() == null ? "" : ", " + version() + " = :#updated_idx") + "\n" + which;
    }

    private String mark() {
        String column = identifiers.sql(table.mark().column());
        String deleted = table.mark().kind().deleted();
        return column + " = " + (table.mark().isTime() ? "coalesce(" + column + ", " + deleted + ")" : deleted);
    }

    private String key(String between, Function<TableColumn, String> part) {
        return table.key().stream().map(part).collect(Collectors.joining(between));
    }

    private String sql(TableColumn column) {
        return identifiers.sql(column.name());
    }
}
