package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;

/**
 * Checks the condition that keeps old versions out of a row: by evaluating it for versions that are newer and older than that
 * of the row, and for a row without one.
 */
final class GuardCheck {
    /** Versions, the first of a pair and the second: compared as text, 9 would come after 10. */
    private static final Integer[] LOW = {9, 7};

    private static final Integer[] HIGH = {10, 5};
    private static final Integer[] SAME_BEFORE = {10, 4};
    private static final Integer[] BOTH_HIGHER = {10, 8};
    private static final Integer[] NEXT = {11, 5};
    private static final Integer[] NONE = {null, null};

    private final SqlStatement statement;
    private final TargetTable table;
    private final Versions versions;
    private final Paths paths;
    private final Findings findings;
    private final ParsedExpression guard;
    private final boolean isUpsert;

    GuardCheck(SqlStatement statement, TargetTable table, Versions versions, Paths paths, Findings findings) {
        this.statement = statement;
        this.table = table;
        this.versions = versions;
        this.paths = paths;
        this.findings = findings;
        isUpsert = statement.verb() == Verb.INSERT;
        guard = ParsedExpression.of(statement, statement.where());
    }

    /** Reports what the guard does wrong; whether it is missing only if no ledger keeps old versions out. */
    void run(boolean hasLedger, TableReader tables) throws SQLException {
        if (!statement.isUpsert() && statement.verb() != Verb.UPDATE) {
            return;
        }
        if (statement.where() == null) {
            if (!hasLedger && !statement.isCompound()) {
                missing(isUpsert ? statement.conflict().at() : statement.at(), "no guard");
            }
        } else if (guard != null && !missesInserted()) {
            if (comparesVersions()) {
                judge(tables);
            } else if (!hasLedger && !statement.isCompound()) {
                missing(
                        statement.where().from(),
                        "no guard: the condition does not compare the version of the row with that of"
                                + " the message");
            }
        }
    }

    private void missing(int token, String what) {
        findings.error(
                Finding.NO_GUARD,
                statement.position(token),
                what + ", so an old version can overwrite a newer one; "
                        + (versions.areWritten() ? "" : "write " + versionPaths() + ", and ")
                        + "add where " + right() + ", or guard: ledger to the route");
    }

    private String versionPaths() {
        return paths.version().stream()
                .map(path -> ":#" + String.join(".", path) + " into a column")
                .collect(Collectors.joining(" and "));
    }

    /** The guard as it should be. */
    private String right() {
        List<String> names = versions.areWritten()
                ? List.of(name(0), name(versions.all().size() > 1 && !paths.isConsume() ? 1 : 0))
                : paths.versionNames();
        String row = SqlNames.quoted(statement.qualifier()) + ".";
        if (!isUpsert) {
            row = "";
        }
        String first = row + names.get(0);
        String proposed = isUpsert ? "excluded." : ":#metadata.";
        if (paths.isConsume()) {
            return first + " is null or " + first + " <= " + (isUpsert ? "excluded." + names.get(0) : ":#updated_idx");
        }
        return "%s is null or (%s, %s%s) <= (%s%s, %s%s)"
                .formatted(
                        first,
                        first,
                        row,
                        names.get(1),
                        proposed,
                        isUpsert ? names.get(0) : "commit_lsn",
                        proposed,
                        isUpsert ? names.get(1) : "commit_idx");
    }

    private String name(int part) {
        return SqlNames.quoted(versions.of(part).iterator().next());
    }

    /** Reports columns of the new row that the statement does not insert: they are null, whatever the message. */
    private boolean missesInserted() {
        if (!isUpsert || statement.columns() == null) {
            return false;
        }
        for (Column column : Mentions.of(guard.root()).columns()) {
            String name = ParsedExpression.name(column);
            boolean isMissing = "excluded".equals(ParsedExpression.qualifier(column))
                    && statement.placeOf(name) < 0
                    && table.column(name) != null;
            if (isMissing) {
                findings.error(
                        Finding.VERSION,
                        guard.position(column),
                        ("excluded.%1$s is compared, but %1$s is not inserted, so it is never that of the message;"
                                        + " add %1$s to the columns, and %2$s to the values")
                                .formatted(SqlNames.quoted(name), versionPath(name)));
                return true;
            }
        }
        return false;
    }

    private String versionPath(String column) {
        int part = paths.versionNames().indexOf(column);
        return ":#" + String.join(".", paths.version().get(Math.max(0, part)));
    }

    private boolean comparesVersions() {
        Mentions mentions = Mentions.of(guard.root());
        boolean hasColumn = mentions.columns().stream().anyMatch(this::isVersion);
        return versions.areWritten() && hasColumn;
    }

    private boolean isVersion(Column column) {
        return versions.partOf(ParsedExpression.name(column)) >= 0;
    }

    private Truth lets(Integer[] stored, Integer[] proposed) {
        return versions.evaluator(guard, stored, proposed, isUpsert).truth(guard.root());
    }

    private void judge(TableReader tables) throws SQLException {
        Truth newer = lets(LOW, HIGH);
        Truth older = lets(HIGH, LOW);
        String advice = "; write where " + right();
        if (!newer.mayBeTrue()
                && lets(LOW, BOTH_HIGHER).mayBeTrue()
                && !lets(BOTH_HIGHER, LOW).mayBeTrue()) {
            report("the guard must compare commit_lsn and commit_idx together, as one row" + advice);
        } else if (!newer.mayBeTrue()
                && lets(HIGH, NEXT).mayBeTrue()
                && !lets(NEXT, HIGH).mayBeTrue()) {
            report("the guard compares versions as texts, where 10 comes before 9" + advice);
        } else if (!newer.mayBeTrue()) {
            report((older.mayBeTrue()
                            ? "the guard is reversed: it lets only older versions overwrite the row"
                            : "the guard never lets a newer version overwrite the row")
                    + advice);
        } else if (older.equals(Truth.TRUE)) {
            report("the guard lets older versions overwrite a newer row" + advice);
        } else if (!paths.isConsume() && lets(HIGH, SAME_BEFORE).equals(Truth.TRUE)) {
            report("the guard must compare commit_lsn and commit_idx together, as one row" + advice);
        } else if (!paths.isConsume() && lets(HIGH, NONE).equals(Truth.TRUE)) {
            report("the guard lets rows that a backfill has read, which have no version, overwrite newer ones"
                    + advice);
        } else {
            checkNull(tables, lets(NONE, HIGH), advice);
        }
    }

    private void report(String text) {
        findings.error(Finding.GUARD, place(), text);
    }

    private void checkNull(TableReader tables, Truth unversioned, String advice) throws SQLException {
        for (String name : unversioned.mayBeTrue() ? List.<String>of() : versions.all()) {
            TargetTable.Column column = table.column(name);
            if (column == null || column.isNotNull() || versions.partOf(name) > 0) {
                continue;
            }
            String what = "a row whose %s is null is never updated".formatted(SqlNames.quoted(name));
            if (tables.hasNull(table, name)) {
                findings.error(Finding.NULL_GUARD, place(), what + ", and there are such rows" + advice);
            } else {
                findings.warning(Finding.NULL_GUARD, place(), what + advice + ", or make the column not null");
            }
        }
    }

    /** The comparison of versions, or else what names one. */
    private int place() {
        Mentions mentions = Mentions.of(guard.root());
        for (BinaryExpression comparison : mentions.comparisons()) {
            if (names(comparison.getLeftExpression()) || names(comparison.getRightExpression())) {
                return guard.position(comparison);
            }
        }
        return mentions.columns().stream()
                .filter(this::isVersion)
                .findFirst()
                .map(guard::position)
                .orElse(statement.position(statement.where().from()));
    }

    private boolean names(Expression side) {
        return Mentions.of(side).columns().stream().anyMatch(this::isVersion);
    }
}
