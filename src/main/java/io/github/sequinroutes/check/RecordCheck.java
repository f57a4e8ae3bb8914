package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.schema.Column;

/** Checks that a delete or an update means the row of its record, and no other. */
final class RecordCheck {
    private static final BigDecimal OLD = BigDecimal.valueOf(9);
    private static final BigDecimal NEW = BigDecimal.valueOf(10);

    private final SqlStatement statement;
    private final TargetTable table;
    private final Paths paths;
    private final Findings findings;
    private final ParsedExpression condition;
    private final List<Column> keys = new ArrayList<>();
    private boolean hasKey;

    RecordCheck(SqlStatement statement, TargetTable table, Paths paths, Findings findings) {
        this.statement = statement;
        this.table = table;
        this.paths = paths;
        this.findings = findings;
        condition = ParsedExpression.of(statement, statement.where());
    }

    private String verb() {
        return statement.verb() == Verb.DELETE ? "deletes" : "updates";
    }

    /** Reports a statement that may mean other rows; returns whether it means only that of the record. */
    boolean meansItsRow() {
        boolean isOfRows = statement.verb() == Verb.DELETE || statement.verb() == Verb.UPDATE;
        if (!isOfRows || (statement.where() != null && namesKeyElsewhere())) {
            return true;
        }
        String advice =
                "; compare the key with a path, as in where id = " + (paths.isConsume() ? ":#id" : ":#record.id");
        if (statement.where() == null) {
            findings.error(
                    Finding.EVERY_ROW,
                    statement.position(statement.at()),
                    "it has no where, so each message " + verb() + " every row of the table" + advice);
            return false;
        }
        int place = statement.position(statement.where().from());
        if (condition == null) {
            boolean namesKey = statement.paths(statement.where()).stream().anyMatch(paths::isKey);
            if (!namesKey) {
                findings.error(Finding.EVERY_ROW, place, "the condition does not say which record is meant" + advice);
            }
            return namesKey;
        }
        boolean meansOthers = new Evaluator(part -> value(part, false))
                .truth(condition.root())
                .mayBeTrue();
        if (meansOthers) {
            findings.error(
                    Finding.EVERY_ROW,
                    place,
                    (hasKey
                                    ? "the condition also holds for rows of other records, and " + verb() + " them"
                                    : "the condition does not say which record is meant, so a message " + verb()
                                            + " rows of others")
                            + advice);
        }
        return !meansOthers;
    }

    /** Whether another part of the statement says which record is meant, and the condition may refer to that. */
    private boolean namesKeyElsewhere() {
        return Stream.of(new Range(0, statement.at()), statement.source())
                .flatMap(part -> statement.paths(part).stream())
                .anyMatch(paths::isKey);
    }

    /** Reports a key without an index, and a version that is compared the wrong way. */
    void checkRow(TableReader tables) throws SQLException {
        if (statement.where() == null || condition == null) {
            return;
        }
        checkIndex();
        if (statement.verb() == Verb.DELETE && paths.isConsume()) {
            checkVersion(tables);
        }
        checkData();
    }

    private void checkIndex() {
        Set<String> names = new TreeSet<>();
        keys.forEach(column -> names.add(ParsedExpression.name(column)));
        boolean isKnown = !names.isEmpty() && names.stream().allMatch(name -> table.column(name) != null);
        boolean hasIndex = table.indexes().stream()
                .anyMatch(index -> index.columns().get(0) == null
                        || names.contains(index.columns().get(0)));
        if (table.isTable() && isKnown && !hasIndex) {
            findings.warning(
                    Finding.NO_INDEX,
                    condition.position(keys.get(0)),
                    "no index of %s begins with %s, so each message reads the whole table; create index on %s (%s)"
                            .formatted(
                                    table.name(), String.join(" or ", names), table.name(), String.join(", ", names)));
        }
    }

    /** A deletion need not have data. */
    private void checkData() {
        List<List<String>> named =
                statement.paths(statement.where()).stream().filter(paths::isKey).toList();
        boolean isKeyOfData =
                paths.isConsume() && !named.isEmpty() && named.stream().allMatch(paths::isData);
        if (isKeyOfData && statement.verb() == Verb.DELETE && !namesKeyElsewhere()) {
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
        for (BinaryExpression comparison : Mentions.of(condition.root()).comparisons()) {
            boolean hasVersion = condition.mentions(comparison, paths.version().get(0));
            for (Column column : hasVersion ? Mentions.of(comparison).columns() : List.<Column>of()) {
                versions.add(ParsedExpression.name(column));
                compared = compared == null ? comparison : compared;
            }
        }
        if (compared == null) {
            return;
        }
        int place = condition.position(compared);
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
                            && paths.version().get(0).equals(condition.path(parameter))) {
                        return proposed;
                    } else if (part instanceof Column column && versions.contains(ParsedExpression.name(column))) {
                        return stored;
                    }
                    return value(part, true);
                })
                .truth(condition.root());
    }

    /** The value of a part if the row is that of the record, or is not. */
    private Object value(Expression part, boolean isItsRow) {
        if (isKey(part)) {
            hasKey = true;
            return Truth.of(isItsRow);
        }
        return part instanceof Column || part instanceof JdbcNamedParameter ? Evaluator.OPAQUE : null;
    }

    /** Whether a part holds only for the row of the record, as far as anybody can tell. */
    private boolean isKey(Expression part) {
        boolean isKind = part instanceof EqualsTo
                || (part instanceof InExpression in && !in.isNot())
                || (part instanceof IsDistinctExpression distinct && distinct.isNot())
                || part instanceof ExistsExpression
                || (part instanceof Function function && !"coalesce".equalsIgnoreCase(function.getName()))
                || (part instanceof BinaryExpression binary
                        && Set.of("@>", "<@", "&&", "LIKE")
                                .contains(binary.getStringExpression().trim()));
        if (!isKind) {
            return false;
        }
        boolean hasPath = part.toString().contains("SELECT")
                ? statement.paths(statement.where()).stream()
                        .anyMatch(path -> paths.isKey(path) && condition.mentions(part, path))
                : Mentions.of(part).parameters().stream()
                        .map(condition::path)
                        .anyMatch(path -> path != null && paths.isKey(path));
        List<Column> columns = Mentions.of(part).columns();
        boolean isOfRow = !columns.isEmpty() || part.toString().contains("SELECT");
        if (hasPath && isOfRow && part instanceof EqualsTo) {
            columns.stream().filter(column -> !keys.contains(column)).forEach(keys::add);
        }
        return hasPath && isOfRow;
    }
}
