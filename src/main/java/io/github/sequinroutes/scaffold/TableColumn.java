package io.github.sequinroutes.scaffold;

/**
 * A column that a template writes.
 *
 * @param name       its name
 * @param definition its type and the like, as in DDL
 * @param value      the expression for its value
 * @param update     what an update does with it
 * @param isIndexed  whether rows are looked up by it
 * @param note       what its DDL says of it, or null
 */
record TableColumn(String name, String definition, String value, Update update, boolean isIndexed, String note) {
    /** What becomes of a column of a row that is there. */
    enum Update {
        /** The row is found by it. */
        KEY,
        /** It always becomes what the record says. */
        REPLACE,
        /** The same, but a deletion that says nothing of it leaves it. */
        KEEP_IF_MISSING,
        /** The same, but a deletion leaves it. */
        KEEP
    }

    /** The same under another name. */
    TableColumn named(String other) {
        return new TableColumn(other, definition, value, update, isIndexed, note);
    }

    /** One that has nothing special. */
    static TableColumn of(String name, String definition, String value, Update update) {
        return new TableColumn(name, definition, value, update, false, null);
    }
}
