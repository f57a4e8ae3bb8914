package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.SQLException;
import java.util.List;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;

/**
 * Checks the condition that keeps old versions out of a row: by evaluating it for versions that are newer and older than that
 * of the row, and for a row without one.
 */
record GuardCheck(
        SqlStatement statement,
        TargetTable table,
        Versions versions,
        Paths paths,
        Findings findings,
        GuardJudge judge,
        RightGuard right) {
    /** {@code delete} is the statement of the delete template, or null. */
    GuardCheck(
            SqlStatement statement,
            SqlStatement delete,
            TargetTable table,
            Versions versions,
            Paths paths,
            Findings findings) {
        this(
                statement,
                table,
                versions,
                paths,
                findings,
                new GuardJudge(
                        ParsedExpression.of(statement, statement.where()),
                        table,
                        versions,
                        new DeletionMarks(statement, delete, table, paths),
                        paths.isConsume(),
                        delete == null),
                new RightGuard(statement, versions, paths));
    }

    private ParsedExpression guard() {
        return judge.guard();
    }

    private boolean isUpsert() {
        return statement.verb() == Verb.INSERT;
    }

    /** Reports what the guard does wrong; whether it is missing only if no ledger keeps old versions out. */
    void run(boolean hasLedger, TableReader tables) throws SQLException {
        if (!statement.isUpsert() && statement.verb() != Verb.UPDATE) {
            return;
        }
        boolean needsGuard = !hasLedger && !statement.isCompound();
        if (statement.where() == null) {
            ColumnGuard ofColumns = new ColumnGuard(statement, versions);
            if (needsGuard && !(isUpsert() && ofColumns.isThere())) {
                missing(isUpsert() ? statement.conflict().at() : statement.at(), "no guard");
            } else if (needsGuard && ofColumns.missing() != null) {
                missing(
                        ofColumns.missing().column(),
                        "no guard of "
                                + SqlNames.quoted(
                                        statement.name(ofColumns.missing().column())) + ", while others have one");
            }
        } else if (guard() != null && !missesInserted(true)) {
            boolean isWrong = comparesVersions() && judge(tables);
            if (!isWrong && !missesInserted(false) && needsGuard && !comparesBoth()) {
                missing(
                        statement.where().from(),
                        "no guard: the condition does not compare the version of the row with that of"
                                + " the message");
            }
        }
    }

    /** Whether it names the version of the row and that of the message; in a subquery whichever. */
    private boolean comparesBoth() {
        Mentions mentions = Mentions.of(guard().root());
        boolean hasStored = mentions.columns().stream().anyMatch(column -> versions.isStored(column));
        boolean hasProposed = mentions.columns().stream().anyMatch(column -> versions.isProposed(guard(), column))
                || mentions.parameters().stream().anyMatch(path -> versions.isProposed(guard(), path));
        return versions.areWritten()
                && ((hasStored && hasProposed) || namesVersionInSubquery() || comparesComputed(mentions));
    }

    /** Whether it names a column of both rows that is computed from others, and may be so from the version. */
    private boolean comparesComputed(Mentions mentions) {
        return isUpsert()
                && table.columns().stream()
                        .filter(TargetTable.Column::isComputed)
                        .anyMatch(computed -> mentions.columns().stream()
                                        .filter(column ->
                                                ParsedExpression.name(column).equals(computed.name()))
                                        .map(column -> "excluded".equals(ParsedExpression.qualifier(column)))
                                        .distinct()
                                        .count()
                                == 2);
    }

    private boolean namesVersionInSubquery() {
        List<TemplateToken> tokens = statement
                .tokens()
                .subList(statement.where().from(), statement.where().to());
        return tokens.stream().anyMatch(token -> token.is("select"))
                && tokens.stream()
                        .anyMatch(token -> (token.name() != null && versions.partOf(token.name()) >= 0)
                                || (token.path() != null && paths.version().contains(token.path())));
    }

    private void missing(int token, String what) {
        findings.error(
                Finding.NO_GUARD,
                statement.position(token),
                what + ", so an old version can overwrite a newer one; "
                        + (versions.areWritten() ? "" : "write " + right.versionPaths() + ", and ")
                        + "add where " + right.text() + ", or guard: ledger to the route");
    }

    /** Reports a column of the new row that the statement does not insert, one for the version or another: it is null, whatever the message. */
    private boolean missesInserted(boolean isOfVersion) {
        if (!isUpsert() || statement.columns() == null) {
            return false;
        }
        for (Column column : Mentions.of(guard().root()).columns()) {
            String name = ParsedExpression.name(column);
            boolean isMissing = "excluded".equals(ParsedExpression.qualifier(column))
                    && statement.placeOf(name) < 0
                    && table.column(name) != null
                    && !table.column(name).isComputed()
                    && isOfVersion == !(versions.areWritten() && versions.partOf(name) < 0);
            if (isMissing) {
                findings.error(
                        Finding.VERSION,
                        guard().position(column),
                        ("excluded.%1$s is compared, but %1$s is not inserted, so it is never that of the message;"
                                        + " add %1$s to the columns, and its value%2$s to the values")
                                .formatted(
                                        SqlNames.quoted(name),
                                        isOfVersion ? ", " + right.versionPath(name) + "," : ""));
                return true;
            }
        }
        return false;
    }

    private boolean comparesVersions() {
        Mentions mentions = Mentions.of(guard().root());
        boolean hasColumn = mentions.columns().stream().anyMatch(this::isVersion);
        return versions.areWritten() && hasColumn;
    }

    private boolean isVersion(Column column) {
        return versions.partOf(ParsedExpression.name(column)) >= 0;
    }

    /** Reports what is wrong; returns whether anything is. */
    private boolean judge(TableReader tables) throws SQLException {
        String advice = "; write where " + right.text();
        BinaryExpression ofTexts = judge.ofTexts();
        if (ofTexts != null) {
            findings.error(
                    Finding.GUARD,
                    guard().position(ofTexts),
                    "the guard compares versions as texts, where 10 comes before 9; write (%s)::bigint, and so on the other side"
                            .formatted(guard().text(ofTexts.getLeftExpression())));
            return true;
        }
        GuardJudge.Verdict verdict = judge.wrong();
        if (verdict == null) {
            checkNull(tables, advice);
            return false;
        }
        int place = verdict.part() == null ? place() : guard().position(verdict.part());
        findings.error(Finding.GUARD, place, verdict.text() + advice);
        return true;
    }

    private void checkNull(TableReader tables, String advice) throws SQLException {
        for (String name : judge.letsWithoutVersion() ? List.<String>of() : versions.all()) {
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
        Mentions mentions = Mentions.of(guard().root());
        for (BinaryExpression comparison : mentions.comparisons()) {
            if (names(comparison.getLeftExpression()) || names(comparison.getRightExpression())) {
                return guard().position(comparison);
            }
        }
        return mentions.columns().stream()
                .filter(this::isVersion)
                .findFirst()
                .map(guard()::position)
                .orElse(statement.position(statement.where().from()));
    }

    private boolean names(Expression side) {
        return Mentions.of(side).columns().stream().anyMatch(this::isVersion);
    }
}
