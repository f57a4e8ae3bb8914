package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an insert writes into a column of its key.
 *
 * @param range     where it stands, or null if the column is left out
 * @param paths     the paths in it
 * @param text      the value as SQL
 * @param ofRecord  whether it tells one record from another
 * @param ofVersion whether it tells one version of a record from another
 * @param isNew     whether it is another one each time
 * @param isShared  whether it is the same for all records of a collection
 * @param isNull    whether it is always null
 */
record KeyValue(
        Range range,
        List<List<String>> paths,
        String text,
        boolean ofRecord,
        boolean ofVersion,
        boolean isNew,
        boolean isShared,
        boolean isNull) {
    private static final Pattern NEW =
            Pattern.compile("(?i)\\b(nextval|gen_random_uuid|uuid_generate_v\\w+|uuidv\\d|random|gen_random_bytes"
                    + "|clock_timestamp|statement_timestamp|transaction_timestamp|now|timeofday|txid_current|pg_current_xact_id)\\s*\\("
                    + "|\\b(current_timestamp|localtimestamp)\\b");
    /** Of a time these leave its day, or the like: a row for each is a history as well. */
    private static final Pattern ROUNDED =
            Pattern.compile("(?i)\\b(date_trunc|date_bin|date_part|extract|to_char)\\s*\\(|\\bdate\\b");

    private static final Set<String> SHARED =
            Set.of("collection_id", "provider", "stream_id", "table_schema", "table_name", "database_name", "consumer");
    /** What says no more than which collection a record is of. */
    private static final Set<List<String>> COLLECTION =
            Set.of(List.of("collection_id"), List.of("metadata", "table_schema"), List.of("metadata", "table_name"));

    private static final Set<String> FLAGS = Set.of("deleted", "action");
    private static final Set<String> OF_VERSION = Set.of(
            "updated_idx", "upstream_updated_at", "commit_lsn", "commit_idx", "commit_timestamp", "idempotency_key");
    private static final Set<String> NO_NAMES =
            Set.of("as", "null", "true", "false", "current_timestamp", "localtimestamp");

    /** What is written into a column; null if nobody can tell. */
    static KeyValue of(SqlStatement statement, TargetTable table, String column) {
        TargetTable.Column known = table.column(column);
        if (known == null || known.isComputed() || table.hasTriggers()) {
            return null;
        }
        if (statement.values() == null || (statement.columnList() >= 0 && statement.columns() == null)) {
            return null;
        }
        Range value = statement.columns() == null
                ? positional(statement, table.columnNames().indexOf(column))
                : statement.valueOf(column);
        boolean isDefault = value == null || (value.to() == value.from() + 1 && statement.is(value.from(), "default"));
        if (isDefault) {
            return value == null && statement.placeOf(column) >= 0 ? null : leftOut(known);
        }
        return given(statement, ofSource(statement, value));
    }

    private static Range positional(SqlStatement statement, int index) {
        return index >= 0 && index < statement.values().size()
                ? statement.values().get(index)
                : null;
    }

    /** What stands in the row that the statement makes for itself, if the value is a column of it. */
    private static Range ofSource(SqlStatement statement, Range value) {
        int last = value.to() - 1;
        boolean isColumn = !statement.isPlain()
                && statement.name(last) != null
                && (last == value.from() || (last == value.from() + 2 && statement.is(last - 1, ".")));
        Range found = isColumn
                ? new SourceColumns(statement)
                        .valueOf(last == value.from() ? null : statement.name(value.from()), statement.name(last))
                : null;
        return found == null ? value : found;
    }

    private static KeyValue leftOut(TargetTable.Column column) {
        String own = column.ownValue();
        if (own == null) {
            return new KeyValue(null, List.of(), "null", false, false, false, true, true);
        }
        boolean isNew = NEW.matcher(own).find() && !ROUNDED.matcher(own).find();
        return !isNew && own.contains("(")
                ? null
                : new KeyValue(null, List.of(), own, false, false, isNew, !isNew, false);
    }

    private static KeyValue given(SqlStatement statement, Range value) {
        String text = statement.text(value);
        List<List<String>> paths = statement.paths(value);
        boolean isRounded = ROUNDED.matcher(text).find();
        boolean ofVersion = !isRounded && paths.stream().anyMatch(KeyValue::isOfVersion);
        boolean ofRecord =
                paths.stream().anyMatch(path -> !isOfVersion(path) && !isShared(path) && !FLAGS.contains(path.get(0)));
        boolean isChosen = statement.tokens().subList(value.from(), value.to()).stream()
                .anyMatch(token -> token.is("coalesce") || token.is("case"));
        boolean isNew = !isRounded && NEW.matcher(text).find() && !(ofRecord && isChosen);
        boolean isOfSource = !ofRecord && !ofVersion && !isNew && namesOthers(statement, value);
        if (isOfSource || (isRounded && !ofRecord)) {
            return null;
        }
        boolean isNull = text.toLowerCase(Locale.ROOT).replaceFirst("::.*", "").equals("null");
        return new KeyValue(value, paths, text, ofRecord, ofVersion, isNew, !ofRecord && !ofVersion && !isNew, isNull);
    }

    /** Whether it is of another row, such as that of a {@code with}, in which a record may be meant. */
    private static boolean namesOthers(SqlStatement statement, Range value) {
        for (int at = value.from(); at < value.to(); at++) {
            TemplateToken token = statement.tokens().get(at);
            boolean isCall = at + 1 < value.to() && statement.is(at + 1, "(");
            boolean isType = at > value.from() && (statement.is(at - 1, "::") || statement.is(at - 1, "as"));
            boolean isName = token.name() != null && !isCall && !isType && !NO_NAMES.contains(token.name());
            if (token.is("select") || (isName && !statement.isPlain())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfVersion(List<String> path) {
        return OF_VERSION.contains(path.get(path.get(0).equals("metadata") ? path.size() - 1 : 0));
    }

    private static boolean isShared(List<String> path) {
        return SHARED.contains(path.get(0).equals("metadata") && path.size() > 1 ? path.get(1) : path.get(0));
    }

    /** Whether it tells collections apart. */
    boolean tellsCollections() {
        return paths.stream().anyMatch(KeyValue::isShared);
    }

    /** Whether it is the same for all records of one collection, whatever account or sync they are of. */
    boolean isFixedInCollection() {
        return isShared && COLLECTION.containsAll(paths);
    }

    /** Whether the column is left out. */
    boolean isLeftOut() {
        return range == null;
    }
}
