package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.TableColumn.Update;
import java.util.List;

/**
 * The table of a collection, and how its templates write it.
 *
 * @param schema      the name of its schema
 * @param table       its name
 * @param columns     those that are written
 * @param deletes     what a deletion does
 * @param version     the column for the version, or null
 * @param mark        the column that marks deleted rows, or null
 * @param notes       what a reader of the template should know, a line each
 */
record CollectionTable(
        String schema,
        String table,
        List<TableColumn> columns,
        Deletes deletes,
        String version,
        Mark mark,
        List<String> notes) {
    /**
     * A column that marks deleted rows.
     *
     * @param column its name
     * @param isTime whether it says since when a row is deleted, rather than whether it is
     */
    record Mark(String column, boolean isTime) {}

    /** What a deletion does. */
    enum Deletes {
        /** The upsert marks the row. */
        UPSERT,
        /** A template of its own marks it: its columns could not be without values. */
        UPDATE,
        /** A template of its own removes it. */
        DELETE
    }

    /** The columns by which a row is found. */
    List<TableColumn> key() {
        return columns.stream().filter(column -> column.update() == Update.KEY).toList();
    }
}
