package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.TableColumn.Update;
import java.util.List;

/** The fields that every record has, whatever its collection, and the columns for them. */
final class StandardFields {
    static final String ID = "id";
    static final String DELETED = "deleted";
    static final String DELETED_AT = "deleted_at";
    static final String VERSION = "updated_idx";
    static final String DATA = "data";

    /** Those that a new table gets. */
    static final List<TableColumn> COLUMNS = List.of(
            TableColumn.of(ID, "text primary key", ":#id", Update.KEY),
            new TableColumn("upstream_id", "text", ":#upstream_id", Update.KEEP, true, null),
            TableColumn.of(DELETED, "boolean not null default false", ":#deleted", Update.REPLACE),
            TableColumn.of(VERSION, "bigint not null", ":#updated_idx", Update.REPLACE),
            TableColumn.of("sync_id", "text", ":#sync.id", Update.KEEP),
            new TableColumn("sync_external_id", "text", ":#sync.external_id", Update.KEEP, true, null),
            TableColumn.of("sync_metadata", "jsonb", ":#sync.metadata", Update.KEEP),
            TableColumn.of("upstream_created_at", "timestamptz", ":#upstream_created_at", Update.KEEP),
            TableColumn.of("upstream_updated_at", "timestamptz", ":#upstream_updated_at", Update.KEEP_IF_MISSING));

    /** Those that a table of the user's may have besides. */
    private static final List<TableColumn> OTHERS = List.of(
            TableColumn.of("internal_id", "text", ":#sync.external_id", Update.KEEP),
            TableColumn.of("collection_id", "text", ":#collection_id", Update.KEEP),
            TableColumn.of("provider", "text", ":#provider", Update.KEEP),
            TableColumn.of("stream_id", "text", ":#stream_id", Update.KEEP));

    private StandardFields() {}

    /** The whole data, in a column of this type. */
    static TableColumn data(ColumnType type) {
        return TableColumn.of(DATA, type.sql(), ":#data", Update.KEEP);
    }

    /** The one for a column of this name, or null. */
    static TableColumn of(String column) {
        if (column.equals(DATA)) {
            return data(ColumnType.JSONB);
        }
        for (List<TableColumn> columns : List.of(COLUMNS, OTHERS)) {
            for (TableColumn known : columns) {
                if (known.name().equals(column)) {
                    return known;
                }
            }
        }
        return null;
    }
}
