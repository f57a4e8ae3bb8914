package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.schema.Column;

/** Checks that a delete or an update means the row of its record, and no other. */
record RecordCheck(SqlStatement statement, TargetTable table, Paths paths, Findings findings, RecordRows rows) {
    private static final BigDecimal OLD = BigDecimal.valueOf(9);
    private static final BigDecimal NEW = BigDecimal.valueOf(10);

    private ParsedExpression condition() {
        return rows.condition();
    }

    private String verb() {
        return statement.verb() == Verb.DELETE ? "deletes" : "updates";
    }

    /** Reports an insert that copies rows of other records. */
    void insertsItsRow() {
        if (rows.areAnyInserted()) {
            findings.error(
                    Finding.EVERY_ROW,
                    statement.position(statement.at()),
                    "the select does not say which record is meant, so each message inserts rows of others" + advice());
        }
    }

    private String advice() {
        return "; compare the key with a path, as in where id = " + (paths.isConsume() ? ":#id" : ":#record.id");
    }

    /** Reports a statement that may mean other rows; returns whether it means only that of the record. */
    boolean meansItsRow() {
        boolean isOfRows = statement.verb() == Verb.DELETE || statement.verb() == Verb.UPDATE;
        if (!isOfRows) {
            return true;
        }
        if (statement.where() == null) {
            findings.error(
                    Finding.EVERY_ROW,
                    statement.position(statement.at()),
                    "it has no where, so each message " + verb() + " every row of the table" + advice());
            return false;
        }
        int place = statement.position(statement.where().from());
        if (condition() == null) {
            boolean namesKey =
                    statement.paths(statement.where()).stream().anyMatch(paths::isKey) || rows.namesKeyElsewhere();
            if (!namesKey) {
                findings.error(Finding.EVERY_ROW, place, "the condition does not say which record is meant" + advice());
            }
            return namesKey;
        }
        boolean meansOthers = !rows.areThoseOfRecord();
        if (meansOthers) {
            findings.error(
                    Finding.EVERY_ROW,
                    place,
                    (rows.comparesKey()
                                    ? "the condition also holds for rows of other records, and " + verb() + " them"
                                    : "the condition does not say which record is meant, so a message " + verb()
                                            + " rows of others")
                            + advice());
        }
        return !meansOthers;
    }

    /** Reports a key without an index, and a version that is compared the wrong way. */
    void checkRow(TableReader tables) throws SQLException {
        if (statement.where() == null || condition() == null) {
            return;
        }
        checkIndex();
        if (statement.verb() == Verb.DELETE && paths.isConsume()) {
            checkVersion(tables);
        }
        checkData();
    }

    private void checkIndex() {
        Set<String> names = rows.keys();
        boolean isKnown = !names.isEmpty() && names.stream().allMatch(name -> table.column(name) != null);
        Set<String> given = EqualColumns.of(condition().root()).keySet();
        boolean hasIndex = table.indexes().stream().anyMatch(index -> finds(index, names, given));
        if (table.isTable() && isKnown && !hasIndex) {
            findings.warning(
                    Finding.NO_INDEX,
                    condition().position(rows.firstKey()),
                    "no index of %s begins with %s, so each message reads the whole table; create index on %s (%s)"
                            .formatted(
                                    table.name(), String.join(" or ", names), table.name(), String.join(", ", names)));
        }
    }

    /** Whether an index has a column of the key, behind none but those whose value is given. */
    private static boolean finds(TargetTable.Index index, Set<String> keys, Set<String> given) {
        for (String column : index.columns()) {
            if (column == null || keys.contains(column)) {
                return true;
            } else if (!given.contains(column)) {
                return false;
            }
        }
        return false;
    }

    /** A deletion need not have data. */
    private void checkData() {
        List<List<String>> named =
                statement.paths(statement.where()).stream().filter(paths::isKey).toList();
        boolean isKeyOfData =
                paths.isConsume() && !named.isEmpty() && named.stream().allMatch(paths::isData);
        if (isKeyOfData && statement.verb() == Verb.DELETE && !rows.namesKeyElsewhere()) {
            findings.warning(
                    Finding.TOMBSTONE,
                    statement.position(statement.where().from()),
                    "a deletion can come without data, and then finds no row by it; keep :#id in a column, and compare"
                            + " that");
        }
    }

    private void checkVersion(TableReader tables) throws SQLException {
        Set<String> versions = new TreeSet<>();
        BinaryExpression compared = null;
        for (BinaryExpression comparison : Mentions.of(condition().root()).comparisons()) {
            boolean hasVersion =
                    condition().mentions(comparison, paths.version().get(0));
            for (Column column : hasVersion ? Mentions.of(comparison).columns() : List.<Column>of()) {
                versions.add(ParsedExpression.name(column));
                compared = compared == null ? comparison : compared;
            }
        }
        if (compared == null) {
            return;
        }
        int place = condition().position(compared);
        String name = versions.iterator().next();
        String advice = "; write and (%1$s is null or %1$s <= :#updated_idx)".formatted(SqlNames.quoted(name));
        boolean deletesOlder = evaluate(versions, OLD, NEW).mayBeTrue();
        if (!deletesOlder) {
            findings.error(Finding.GUARD, place, "the condition keeps rows that are older than the deletion" + advice);
        } else if (!evaluate(versions, Evaluator.NULL, NEW).mayBeTrue()) {
            TargetTable.Column column = table.column(name);
            boolean isNullable = column != null && !column.isNotNull();
            String what = "a row whose %s is null is never deleted".formatted(name);
            if (isNullable && tables.hasNull(table, name)) {
                findings.error(Finding.NULL_GUARD, place, what + ", and there are such rows" + advice);
            } else if (isNullable) {
                findings.warning(Finding.NULL_GUARD, place, what + advice);
            }
        }
    }

    private Truth evaluate(Set<String> versions, Object stored, Object proposed) {
        return new Evaluator(part -> {
                    if (part instanceof JdbcNamedParameter parameter
                            && paths.version().get(0).equals(condition().path(parameter))) {
                        return proposed;
                    } else if (part instanceof Column column && versions.contains(ParsedExpression.name(column))) {
                        return stored;
                    }
                    return rows.value(part);
                })
                .truth(condition().root());
    }
}
