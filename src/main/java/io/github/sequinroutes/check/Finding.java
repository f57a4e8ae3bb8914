package io.github.sequinroutes.check;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A kind of problem that can be meant: a comment {@code -- sequin: allow no-guard} in the template says so. */
enum Finding {
    /** Old versions overwrite newer rows. */
    NO_GUARD,
    /** The guard lets the wrong versions pass. */
    GUARD,
    /** Rows without a version are never updated. */
    NULL_GUARD,
    /** The version is not kept in the row. */
    VERSION,
    /** The column of the version cannot hold every version. */
    VERSION_TYPE,
    /** A message that comes again makes a second row, or fails. */
    NO_CONFLICT,
    /** Each message inserts one more row. */
    NEW_ROW,
    /** Every message is refused. */
    REFUSED,
    /** A message leaves no row of its record. */
    NO_ROW,
    /** A message that comes twice changes the row twice. */
    REPEATED,
    /** An update writes something else than an insert. */
    UPDATE_DIFFERS,
    /** Several records share a row. */
    ONE_ROW,
    /** Each version of a record inserts one more row. */
    VERSION_KEY,
    /** A message without a value for the key inserts one more row. */
    NULL_KEY,
    /** Two collections write the rows of one table. */
    SHARED_TABLE,
    /** Updates are not written. */
    DO_NOTHING,
    /** An update takes the value that is inserted, and there is none. */
    NOT_INSERTED,
    /** A column keeps what was inserted first. */
    NOT_UPDATED,
    /** A column that must not be null is not written. */
    NOT_NULL,
    /** What is written is hardly the value that its column is for. */
    VALUE,
    /** A path begins with a name that no record has. */
    UNKNOWN_PATH,
    /** Which row a message means is not known, so none is found under the key that it had before. */
    UNKNOWN_KEY,
    /** A value of the key is written in several ways, and each would be another row. */
    KEY_TYPE,
    /** What looks like a path is a constant. */
    QUOTED_PATH,
    /** Other rows than that of the record are deleted or updated. */
    EVERY_ROW,
    /** A deletion without data wipes columns, or fails. */
    TOMBSTONE,
    /** A deletion is written as if the record were alive. */
    UNUSED_DELETES,
    /** A deletion does not reach the row that is there. */
    LOST_DELETES,
    /** An upsert template deletes, so no record is ever written. */
    LOST_UPDATES,
    /** Two assignments are one, joined by and. */
    COMMA,
    /** Each deletion reads the whole table. */
    NO_INDEX,
    /** A row may come before the one that it refers to. */
    FOREIGN_KEY,
    /** Policies hide rows from the role. */
    ROW_SECURITY;

    /** As it stands in comments and messages. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The texts of all. */
    static List<String> texts() {
        return Arrays.stream(values()).map(Finding::text).toList();
    }
}
