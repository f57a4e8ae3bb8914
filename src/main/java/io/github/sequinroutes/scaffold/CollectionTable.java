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
     * @param kind   what it holds
     */
    record Mark(String column, MarkKind kind) {
        /** Whether it says since when a row is deleted, rather than whether it is. */
        boolean isTime() {
            return kind == MarkKind.TIME;
        }
    }

    /** What a column holds that marks deleted rows. */
    enum MarkKind {
        /** True or false. */
        FLAG("false", "true", ""),
        /** Since when the row is deleted, or null. */
        TIME("null", "now()", " is not null"),
        /** 1 or 0. */
        NUMBER("0", "1", " = 1"),
        /** The text {@code true} or {@code false}. */
        TEXT("'false'", "'true'", " = 'true'");

        private final String alive;
        private final String deleted;
        private final String test;

        MarkKind(String alive, String deleted, String test) {
            this.alive = alive;
            this.deleted = deleted;
            this.test = test;
        }

        /** That of a row that is alive, as SQL. */
        String alive() {
            return alive;
        }

        /** That of a row that is deleted, as SQL. */
        String deleted() {
            return deleted;
        }

        /** What makes a condition of it that holds for deleted rows, behind it. */
        String test() {
            return test;
        }
    }

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
