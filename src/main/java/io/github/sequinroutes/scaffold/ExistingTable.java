package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.CollectionTable.Deletes;
import io.github.sequinroutes.scaffold.CollectionTable.Mark;
import io.github.sequinroutes.scaffold.CollectionTable.MarkKind;
import io.github.sequinroutes.scaffold.TableColumn.Update;
import io.github.sequinroutes.source.SourceColumn;
import io.github.sequinroutes.source.SourceTable;
import java.util.ArrayList;
import java.util.Comparator;
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
    private Mark mark;

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
        SourceColumn version = version();
        mark = mark();
        List<TableColumn> columns = new ArrayList<>(List.of(key));
        boolean isStrict = false;
        for (SourceColumn column : table.columns()) {
            TableColumn written = column.name().equals(key.name()) ? null : column(column);
            if (written != null) {
                columns.add(written);
                isStrict |= column.isNotNull() && written.update() != Update.REPLACE;
            }
        }
        if (version == null) {
            warnings.add("it has no column updated_idx bigint, so the ledger keeps the versions");
        }
        Deletes marking = isStrict ? Deletes.UPDATE : Deletes.UPSERT;
        return new CollectionTable(
                table.schema(),
                table.name(),
                columns,
                mark == null ? Deletes.DELETE : marking,
                version == null ? null : version.name(),
                mark,
                notes);
    }

    /** The column for the version, or null if none can hold every version. */
    private SourceColumn version() throws SkippedException {
        SourceColumn version = find(StandardFields.VERSION);
        if (version == null || version.isWide()) {
            return version;
        }
        String problem = version.sqlName() + " is " + version.type() + ", which versions outgrow; alter table "
                + table.sqlName() + " alter column " + version.sqlName() + " type bigint";
        if (version.isNotNull() && !version.hasDefault()) {
            throw new SkippedException(problem);
        }
        warnings.add(problem);
        return null;
    }

    private Mark mark() {
        SourceColumn deleted = find(StandardFields.DELETED);
        SourceColumn deletedAt = find(StandardFields.DELETED_AT);
        if (deleted != null) {
            return new Mark(deleted.name(), kind(deleted.type()));
        }
        boolean isTime =
                deletedAt != null && !deletedAt.isNotNull() && deletedAt.type().matches("timestamp.*|date");
        return isTime ? new Mark(deletedAt.name(), MarkKind.TIME) : null;
    }

    private static MarkKind kind(String type) {
        boolean isNumber = type.matches("smallint|integer|bigint|numeric.*");
        return isNumber ? MarkKind.NUMBER : type.matches("text|character varying.*") ? MarkKind.TEXT : MarkKind.FLAG;
    }

    private TableColumn key() throws SkippedException {
        for (String id : IDS) {
            if (isKey(id)) {
                return TableColumn.of(find(id).name(), "", ":#id", Update.KEY);
            }
        }
        for (String id : UPSTREAM_IDS) {
            if (isKey(id)) {
                return TableColumn.of(find(id).name(), "", ":#upstream_id", Update.KEY);
            }
        }
        if (isKey(provider + "_id")) {
            return TableColumn.of(find(provider + "_id").name(), "", ":#upstream_id", Update.KEY);
        }
        for (SourceColumn column : table.key()) {
            if (isKey(column)) {
                return TableColumn.of(column.name(), "", ":#id", Update.KEY);
            }
        }
        throw new SkippedException(
                "it has no primary key or unique index on one text column, such as id or upstream_id,"
                        + " by which a record is found; alter table " + table.sqlName()
                        + " add column upstream_id text unique");
    }

    private boolean isKey(String name) {
        SourceColumn column = find(name);
        return column != null && isKey(column);
    }

    private boolean isKey(SourceColumn column) {
        return !column.isGenerated()
                && TEXTS.contains(column.type().replaceAll("\\(.*", ""))
                && table.isUniqueBy(List.of(column.sqlName()));
    }

    /** The column of this name, or else the first that is the same in snake case, such as {@code "updatedIdx"}; or null. */
    private SourceColumn find(String name) {
        return table.columns().stream()
                .filter(column -> Identifiers.snake(column.name()).equals(name))
                .min(Comparator.comparing(column -> !column.name().equals(name)))
                .orElse(null);
    }

    private TableColumn standard(SourceColumn column) {
        String name = Identifiers.snake(column.name());
        TableColumn standard = StandardFields.of(name);
        return standard == null || !column.equals(find(name)) ? null : standard.named(column.name());
    }

    /** How a column is written, or null if it is not. */
    private TableColumn column(SourceColumn column) {
        TableColumn standard = standard(column);
        if (column.isGenerated() || column.isIdentity()) {
            return null;
        } else if (mark != null && mark.isTime() && mark.column().equals(column.name())) {
            return TableColumn.of(column.name(), "", "case when :#deleted then now() end", Update.REPLACE);
        } else if (mark != null
                && mark.kind() == MarkKind.NUMBER
                && mark.column().equals(column.name())) {
            return TableColumn.of(column.name(), "", "case when :#deleted then 1 else 0 end", Update.REPLACE);
        } else if (column.name().equals(StandardFields.ID)) {
            return skipped(column, "it is the table's own");
        } else if (standard != null) {
            return standard.value().equals(":#updated_idx") && !column.isWide()
                    ? skipped(column, "versions outgrow it")
                    : standard;
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
