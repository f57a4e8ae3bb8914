package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.source.SourceColumn;
import io.github.sequinroutes.source.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The DDL of a table of the target: columns, types, primary key and {@code not null}, and nothing else. Rows of different
 * tables come in any order, which a foreign key would refuse; of defaults, checks and identities the source has seen to.
 */
final class ReplicaTable {
    private static final List<String> VERSION_COLUMNS = List.of(
            ReplicaTemplates.LSN + " bigint",
            ReplicaTemplates.IDX + " bigint",
            ReplicaTemplates.DELETED + " boolean not null default false");

    private final SourceTable table;
    private final boolean softDeletes;

    ReplicaTable(SourceTable table, boolean softDeletes) {
        this.table = table;
        this.softDeletes = softDeletes;
    }

    /** Creates the table, with the types that it needs and those of their schemas that are missing, as SQL. */
    String create(TypeDefinitions types, Set<String> missing) {
        StringBuilder ddl = new StringBuilder("-- A replica of " + Printable.line(table.sqlName())
                + ": without defaults, checks and foreign keys, which its source has seen to.\n");
        if (softDeletes) {
            ddl.append("-- All columns but the key may be null: a delete has only that.\n");
        }
        missing.forEach(schema ->
                ddl.append("create schema if not exists ").append(schema).append(";\n"));
        types.statements().forEach(statement -> ddl.append(statement).append('\n'));
        ddl.append("create table if not exists ").append(table.sqlName()).append(" (\n");
        table.columns().forEach(column -> ddl.append(column(column)));
        if (softDeletes) {
            VERSION_COLUMNS.forEach(column -> ddl.append("  ").append(column).append(",\n"));
        }
        return ddl.append("  primary key (")
                .append(String.join(
                        ", ", table.key().stream().map(SourceColumn::sqlName).toList()))
                .append(")\n);\n")
                .toString();
    }

    private String column(SourceColumn column) {
        String definition = "  " + column.sqlName() + " " + column.type();
        if (column.isGenerated()) {
            return definition + " generated always as (" + column.generated() + ") stored,\n";
        }
        boolean isNotNull = column.isNotNull() && !column.isKey() && !softDeletes;
        if (isNotNull && column.isLostByReads()) {
            return definition + ", -- not null in the source, but a backfill sends null for its type\n";
        } else if (isNotNull && column.isJson()) {
            return definition + ", -- not null in the source, but JSON's null comes as null\n";
        }
        return definition + (isNotNull ? " not null" : "") + ",\n";
    }

    /** Makes a table that is there fit for soft deletes; null if it is. */
    String alter(SourceTable existing) {
        List<String> changes = new ArrayList<>();
        for (String column : softDeletes ? VERSION_COLUMNS : List.<String>of()) {
            String name = column.substring(0, column.indexOf(' '));
            if (existing.columns().stream().noneMatch(one -> one.name().equals(name))) {
                changes.add("  add column if not exists " + column);
            }
        }
        for (SourceColumn column : softDeletes ? existing.columns() : List.<SourceColumn>of()) {
            boolean isOfKey = table.key().stream().anyMatch(one -> one.name().equals(column.name()));
            boolean isReplicated =
                    table.columns().stream().anyMatch(one -> one.name().equals(column.name()));
            if (column.isNotNull() && isReplicated && !isOfKey && !column.isGenerated()) {
                changes.add("  alter column " + column.sqlName() + " drop not null");
            }
        }
        return changes.isEmpty()
                ? null
                : "-- For soft deletes: all columns but the key may be null, since a delete has only that.\nalter table "
                        + existing.sqlName() + "\n" + String.join(",\n", changes) + ";\n";
    }
}
