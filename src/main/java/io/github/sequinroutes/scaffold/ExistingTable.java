package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.CollectionTable.Deletes;
import io.github.sequinroutes.scaffold.TableColumn.Update;
import io.github.sequinroutes.source.SourceColumn;
import io.github.sequinroutes.source.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How a collection is written into a table that is there already. */
final class ExistingTable {
    /** Columns that can be the key of a record, with their values: the first that a unique index has is. */
    private static final List<String> IDS = List.of("id", "record_id", "sequin_id");

    private static final List<String> UPSTREAM_IDS = List.of("upstream_id", "external_id");
    private static final Set<String> TEXTS = Set.of("text", "character varying", "uuid");

    private final SourceTable table;
    private final String provider;
    private final PathFinder paths;
    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * A table.
     *
     * @param provider what comes before the colon of the collection's ID
     * @param shape    that of the records, or null if none is known: then columns are called like the fields
     */
    ExistingTable(SourceTable table, String provider, RecordShape shape) {
        this.table = table;
        this.provider = provider;
        paths = shape == null ? null : new PathFinder(shape, provider);
    }

    /** What the user should know, a line each. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * How it is written.
     *
     * @throws SkippedException if no column can be the key
     */
    CollectionTable plan() throws SkippedException {
        TableColumn key = key();
        boolean hasVersion = has(StandardFields.VERSION);
        boolean hasDeleted = has(StandardFields.DELETED);
        List<TableColumn> columns = new ArrayList<>(List.of(key));
        boolean isStrict = false;
        for (SourceColumn column : table.columns()) {
            TableColumn written = column.name().equals(key.name()) ? null : column(column);
            if (written != null) {
                columns.add(written);
                isStrict |= column.isNotNull() && written.update() != Update.REPLACE;
            }
        }
        if (!hasVersion) {
            warnings.add("it has no column updated_idx bigint, so the ledger keeps the versions");
        }
        Deletes marking = isStrict ? Deletes.UPDATE : Deletes.UPSERT;
        return new CollectionTable(
                table.schema(), table.name(), columns, hasDeleted ? marking : Deletes.DELETE, hasVersion, notes);
    }

    private TableColumn key() throws SkippedException {
        for (String id : IDS) {
            if (isKey(id)) {
                return TableColumn.of(id, "", ":#id", Update.KEY);
            }
        }
        for (String id : UPSTREAM_IDS) {
            if (isKey(id)) {
                return TableColumn.of(id, "", ":#upstream_id", Update.KEY);
            }
        }
        if (isKey(provider + "_id")) {
            return TableColumn.of(provider + "_id", "", ":#upstream_id", Update.KEY);
        }
        for (SourceColumn column : table.key()) {
            if (isKey(column.name())) {
                return TableColumn.of(column.name(), "", ":#id", Update.KEY);
            }
        }
        throw new SkippedException(
                "it has no primary key or unique index on one text column, such as id or upstream_id,"
                        + " by which a record is found; alter table " + table.sqlName()
                        + " add column upstream_id text unique");
    }

    private boolean isKey(String name) {
        return table.columns().stream()
                .anyMatch(column -> column.name().equals(name)
                        && !column.isGenerated()
                        && TEXTS.contains(column.type().replaceAll("\\(.*", ""))
                        && table.isUniqueBy(List.of(column.sqlName())));
    }

    private boolean has(String name) {
        return table.columns().stream().anyMatch(column -> column.name().equals(name));
    }

    /** How a column is written, or null if it is not. */
    private TableColumn column(SourceColumn column) {
        TableColumn standard = StandardFields.of(column.name());
        if (column.isGenerated() || column.isIdentity()) {
            return null;
        } else if (column.name().equals(StandardFields.ID)) {
            return skipped(column, "it is the table's own");
        } else if (standard != null) {
            if (column.name().equals(StandardFields.VERSION) && !column.type().equals("bigint")) {
                warnings.add("updated_idx is " + column.type() + ", which versions outgrow; alter table "
                        + table.sqlName() + " alter column updated_idx type bigint");
            }
            return standard;
        }
        String value = paths == null
                ? Paths.parameter(List.of(StandardFields.DATA, column.name()))
                : paths.value(column.name(), column.type());
        if (column.hasDefault() && (paths == null || value == null || column.isNotNull())) {
            return skipped(column, "it has a default");
        } else if (value == null && !column.isNotNull()) {
            return skipped(column, "no field of the records fits");
        } else if (value == null) {
            warnings.add(
                    column.sqlName() + " is not null, and no field of the records fits: put the right path into the"
                            + " template, or alter table " + table.sqlName() + " alter column " + column.sqlName()
                            + " drop not null");
            value = Paths.parameter(List.of(StandardFields.DATA, column.name()));
        }
        return TableColumn.of(column.name(), "", value, Update.KEEP);
    }

    private TableColumn skipped(SourceColumn column, String reason) {
        notes.add("Without " + column.sqlName() + ": " + reason + ".");
        return null;
    }
}
