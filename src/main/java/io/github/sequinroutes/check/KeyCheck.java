package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;

/**
 * Checks that an insert finds the row of its record again, and no other: that its key holds what tells records apart.
 *
 * @param collection the only collection whose records it writes, or null if there may be several
 */
record KeyCheck(SqlStatement statement, TargetTable table, Paths paths, String collection, Findings findings) {
    /** Functions that make null of null. */
    private static final Set<String> STRICT =
            Set.of("lower", "upper", "trim", "btrim", "md5", "left", "right", "substring");

    /** How many rows there are for a record by what is inserted into a key. */
    enum Rows {
        /** One. */
        OF_RECORD,
        /** One for each version. */
        OF_VERSION,
        /** One for all records. */
        OF_ALL,
        /** One more each time. */
        NEW,
        UNKNOWN
    }

    /** What the clause {@code on conflict} makes of a record. */
    Rows rows() {
        List<ConflictKey> keys =
                statement.isCompound() || !table.isTable() ? List.of() : ConflictKey.of(statement, table);
        List<Rows> all = keys.stream().map(this::rows).distinct().toList();
        // without columns the first index decides that has such a row
        for (Rows one : List.of(Rows.OF_ALL, Rows.OF_RECORD, Rows.UNKNOWN, Rows.OF_VERSION)) {
            if (all.contains(one)) {
                return one;
            }
        }
        return all.isEmpty() ? Rows.UNKNOWN : Rows.NEW;
    }

    /** Whether a row is not that of one record, so that no guard makes it right. */
    boolean isOfOthers(Rows rows) {
        return rows == Rows.OF_VERSION || rows == Rows.OF_ALL || rows == Rows.NEW;
    }

    private List<KeyValue> values(ConflictKey key) {
        List<KeyValue> values = new ArrayList<>();
        key.columns().forEach(column -> values.add(KeyValue.of(statement, table, column)));
        return values;
    }

    private Rows rows(ConflictKey key) {
        List<KeyValue> values = values(key);
        List<KeyValue> known = values.stream().filter(Objects::nonNull).toList();
        if (known.stream().anyMatch(value -> value.isNew() || (value.isNull() && key.isNullNew()))) {
            return Rows.NEW;
        } else if (!key.isExact()) {
            return known.size() == values.size() && known.stream().allMatch(KeyValue::isShared)
                    ? Rows.OF_ALL
                    : Rows.UNKNOWN;
        } else if (known.stream().anyMatch(KeyValue::ofVersion)) {
            return Rows.OF_VERSION;
        } else if (known.stream().anyMatch(KeyValue::ofRecord)) {
            return Rows.OF_RECORD;
        }
        return known.size() < values.size() ? Rows.UNKNOWN : Rows.OF_ALL;
    }

    /** Reports a key that does not tell records apart, or tells messages of one record apart; and one that may be null. */
    void run() {
        if (statement.verb() != Verb.INSERT || statement.isCompound() || statement.conflict() == null) {
            return;
        }
        List<ConflictKey> keys = ConflictKey.of(statement, table);
        if (keys.isEmpty()) {
            return;
        }
        ConflictKey key = keys.get(0);
        switch (rows()) {
            case NEW -> reportNew(key);
            case OF_ALL -> reportShared(key);
            case OF_VERSION -> reportVersions(key);
            default -> {}
        }
        if (keys.size() == 1 && key.isExact()) {
            checkNull(key);
        }
    }

    private String id() {
        return paths.isConsume() ? ":#id" : ":#record.id";
    }

    private int place(ConflictKey key, KeyValue value) {
        return statement.position(
                value == null || value.isLeftOut() ? key.place() : value.range().from());
    }

    private void reportNew(ConflictKey key) {
        for (String column : key.columns()) {
            KeyValue value = KeyValue.of(statement, table, column);
            boolean isNew = value != null && (value.isNew() || (value.isNull() && key.isNullNew()));
            if (isNew) {
                findings.error(
                        Finding.NEW_ROW,
                        place(key, value),
                        "each message inserts one more row, because %s %s %s; write on conflict on a unique column that holds %s"
                                .formatted(
                                        SqlNames.quoted(column),
                                        value.isLeftOut() ? "is left out and gets" : "gets",
                                        value.isNull()
                                                ? "null, which is no duplicate of null"
                                                : value.text() + ", another value each time",
                                        id()));
                return;
            }
        }
    }

    private void reportShared(ConflictKey key) {
        List<KeyValue> values = values(key);
        KeyValue first = values.get(0);
        boolean tellsCollections = values.stream().anyMatch(value -> value != null && value.tellsCollections());
        boolean isOfOne = tellsCollections
                && collection != null
                && values.stream().allMatch(value -> value != null && value.isFixedInCollection());
        String columns = SqlNames.list(key.columns());
        String what =
                "all records %sshare one row, because what is inserted into %s says nothing of the record; write %s into a column"
                                .formatted(
                                        isOfOne ? "of " + collection + " " : tellsCollections ? "of a collection " : "",
                                        columns,
                                        id())
                        + " of the key";
        findings.report(!tellsCollections || isOfOne, Finding.ONE_ROW, place(key, first), what);
    }

    /** A history is right if it keeps each version of each record. */
    private void reportVersions(ConflictKey key) {
        List<KeyValue> values = values(key);
        int number = 0;
        while (values.get(number) == null || !values.get(number).ofVersion()) {
            number++;
        }
        String column = SqlNames.quoted(key.columns().get(number));
        boolean hasRecord = values.stream().anyMatch(value -> value == null || value.ofRecord());
        List<List<String>> inKey = values.stream()
                .filter(Objects::nonNull)
                .flatMap(value -> value.paths().stream())
                .toList();
        boolean isWhole = inKey.containsAll(paths.version())
                || inKey.stream()
                        .anyMatch(path ->
                                path.contains("idempotency_key") || path.get(0).startsWith("upstream_"));
        int place = place(key, values.get(number));
        if (statement.isUpsert()) {
            findings.error(
                    Finding.VERSION_KEY,
                    place,
                    ("each version of a record inserts one more row, because %s is in the key; write on conflict on a unique"
                                    + " column that holds %s alone, or do nothing if a history is meant")
                            .formatted(column, id()));
        } else if (!hasRecord && paths.isConsume()) {
            findings.error(
                    Finding.ONE_ROW,
                    place,
                    "records of one version share one row, because the key says nothing of the record; write " + id()
                            + " into a column of the key");
        } else if (!isWhole) {
            findings.error(
                    Finding.VERSION_KEY,
                    place,
                    "changes of one transaction share one row, because commit_lsn and commit_idx are a version together;"
                            + " write both into the key");
        }
    }

    /** Null is no duplicate of null. */
    private void checkNull(ConflictKey key) {
        for (int i = 0; key.isNullNew() && i < key.columns().size(); i++) {
            TargetTable.Column column = table.column(key.columns().get(i));
            KeyValue value = KeyValue.of(statement, table, key.columns().get(i));
            boolean mayBeNull = column != null
                    && !column.isNotNull()
                    && value != null
                    && value.ofRecord()
                    && !value.isNew()
                    && mayBeNull(value.range());
            if (mayBeNull) {
                String name = SqlNames.quoted(column.name());
                findings.warning(
                        Finding.NULL_KEY,
                        place(key, value),
                        ("where %1$s is null each message inserts one more row, because null is no duplicate of null; alter"
                                        + " table %2$s alter column %1$s set not null, or make the index nulls not distinct")
                                .formatted(name, table.name()));
            }
        }
    }

    private boolean mayBeNull(Range value) {
        ParsedExpression parsed = ParsedExpression.of(statement, value);
        if (parsed == null) {
            return false;
        }
        return valueWithoutPaths(parsed, parsed.root()).equals(Evaluator.NULL);
    }

    /** What an expression is for a record that has no more than every record has. */
    private Object valueWithoutPaths(ParsedExpression parsed, Expression whole) {
        return new Evaluator(part -> {
                    if (part instanceof JdbcNamedParameter parameter) {
                        return paths.isAlwaysThere(parsed.path(parameter)) ? Evaluator.OPAQUE : Evaluator.NULL;
                    }
                    boolean isNullOfNull = part instanceof Concat
                            || (part instanceof Function function
                                    && STRICT.contains(function.getName().toLowerCase(Locale.ROOT)));
                    boolean hasNull = isNullOfNull
                            && parts(part).stream().anyMatch(one -> valueWithoutPaths(parsed, one)
                                    .equals(Evaluator.NULL));
                    return hasNull ? Evaluator.NULL : null;
                })
                .value(whole);
    }

    private static List<? extends Expression> parts(Expression part) {
        if (part instanceof Concat concat) {
            return List.of(concat.getLeftExpression(), concat.getRightExpression());
        }
        return ((Function) part).getParameters() == null ? List.of() : ((Function) part).getParameters();
    }
}
