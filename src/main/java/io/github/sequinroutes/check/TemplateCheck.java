package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateRefusedException;
import io.github.sequinroutes.template.TemplateStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks one template. */
final class TemplateCheck {
    /** Of a template whose spelling is wrong these say no more. */
    private static final Set<String> OF_SPELLING = Set.of(
            Refusal.SYNTAX, Refusal.NO_COLUMN, "42P18", "42804", "22P02", "42883", "42725", "42P02", "42P10", "22007");

    /** What a server has no time, no room or no connection for, or somebody else has locked. */
    private static final Pattern TRANSIENT = Pattern.compile("08|40|53|55P03|57|58");

    private final Connection connection;
    private final TableReader tables;
    private final CheckedCollection collection;
    private final boolean isDelete;
    private final SqlStatement statement;
    private final Paths paths;
    private final Findings findings;
    private TargetTable table;
    private boolean isRefused;
    private boolean isComplete;

    TemplateCheck(Connection connection, TableReader tables, CheckedCollection collection, boolean isDelete) {
        this.connection = connection;
        this.tables = tables;
        this.collection = collection;
        this.isDelete = isDelete;
        statement = StatementReader.read(isDelete ? collection.delete() : collection.upsert());
        paths = new Paths(collection.format());
        findings = new Findings(statement.template());
    }

    /** Finds what is wrong with what it says; {@code writers} are the collections that write each table, by its oid. */
    void run(Map<Long, String> writers, SharedTables shared) throws SQLException {
        new InvisibleCheck(statement.template(), findings).run();
        new SpellingCheck(statement, paths, findings).run();
        boolean isMisspelt = findings.hasErrors();
        boolean hasVersion = PathCheck.run(statement, paths, collection.hasSteps(), findings) && !isMisspelt;
        TemplateRefusedException refused = refusal();
        isRefused = refused != null;
        table = tables.read(statement);
        if (table != null && (refused == null || !refused.getSQLState().equals(Refusal.SYNTAX))) {
            checkTable(table, refused == null && hasVersion, refused == null, writers);
        }
        if (refused != null && !(isMisspelt && OF_SPELLING.contains(refused.getSQLState()))) {
            report(refused, table);
        }
        if (refused == null && !isDelete) {
            shared.report(collection, statement, findings);
        }
        if (!isDelete && TemplateRoles.isDelete(statement)) {
            findings.isAllowed(Finding.LOST_UPDATES); // reported where the file is named
        }
        if (refused == null) {
            checkKey(table);
            checkResult();
        }
        isComplete = !isRefused && !isMisspelt;
    }

    /** What has been found. */
    List<Problem> problems() {
        return findings.problems(isComplete);
    }

    /** What is found in it, if what it says looks right, so that what it does can be tried; or null. */
    Findings tried() {
        return isRefused || table == null || findings.hasErrors() ? null : findings;
    }

    SqlStatement statement() {
        return statement;
    }

    /** The table that it writes, or null if there is none. */
    TargetTable table() {
        return table;
    }

    /** Why the server refuses it, or null. */
    private TemplateRefusedException refusal() throws SQLException {
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try {
            new TemplateStatement(statement.template(), Integer.MAX_VALUE).plan(connection);
            return null;
        } catch (TemplateRefusedException e) {
            if (before != null) {
                connection.rollback(before);
            }
            if (TRANSIENT.matcher(e.getSQLState()).lookingAt()) {
                throw e; // a lock, for one, says nothing of the template
            }
            return e;
        }
    }

    private void report(TemplateRefusedException refused, TargetTable table) throws SQLException {
        ColumnCheck columns = table == null ? null : new ColumnCheck(statement, table, findings);
        String state = refused.getSQLState();
        boolean isExplained = columns != null
                && ((state.equals(Refusal.NO_TARGET) && new ConflictCheck(statement, table, findings).explain())
                        || (Refusal.isOfGenerated(refused) && columns.generated())
                        || (Set.of("42804", "42702").contains(state)
                                && new AssignmentCheck(statement, table, findings).run()));
        if (isExplained) {
            return;
        }
        Refusal refusal = new Refusal(statement, table, paths, new KnownNames(connection), refused);
        boolean isFound = columns != null && state.equals(Refusal.NO_COLUMN) && columns.unknown();
        if (isFound && !refusal.isAtName()) {
            return;
        }
        String counts = columns != null && state.equals(Refusal.SYNTAX) ? columns.counts() : null;
        findings.error(refusal.position(), refusal.text(counts == null ? "" : counts));
    }

    private boolean hasLedger() {
        return collection.ledger() || collection.delete() != null;
    }

    private void checkTable(TargetTable table, boolean hasVersion, boolean isPlanned, Map<Long, String> writers)
            throws SQLException {
        new AssignmentCheck(statement, table, findings).run();
        boolean hasLedger = hasLedger();
        ColumnCheck columns = new ColumnCheck(statement, table, findings);
        columns.notNull();
        columns.notInserted();
        KeyCheck key = new KeyCheck(statement, table, paths, findings);
        KeyCheck.Rows ofKey = key.rows();
        if (hasVersion) {
            key.run();
            NumberTypes numbers = new NumberTypes(connection, statement, table, findings);
            new WrittenValues(statement, table, paths, findings, numbers).run();
        }
        RecordRows rows = rows(table);
        RecordCheck record = new RecordCheck(statement, table, paths, findings, rows);
        boolean meansItsRow = record.meansItsRow();
        if (isDelete) {
            record.insertsItsRow();
            meansItsRow = meansItsRow && reachesRows(table, rows, writers);
        } else {
            SqlStatement delete = collection.delete() == null ? null : StatementReader.read(collection.delete());
            if (isPlanned && delete != null) {
                new OtherKeyCheck(statement, delete, paths, findings).run();
            }
            Versions versions = new Versions(statement, table, paths);
            VersionCheck version = new VersionCheck(statement, table, versions, paths, findings);
            version.types();
            if (!key.isOfOthers(ofKey)) {
                version.isSet(hasLedger);
            }
            // a condition that names what is not there cannot be judged
            if (hasVersion && meansItsRow && !key.isOfOthers(ofKey)) {
                new GuardCheck(statement, delete, table, versions, paths, findings).run(hasLedger, tables);
            }
            if (isPlanned) {
                new UnsetCheck(statement, table, versions, paths, findings).run();
            }
            if (collection.delete() == null) {
                new DeletionCheck(statement, table, paths, findings).run();
            }
            new TableCheck(statement, table, findings).run(writers);
        }
        new ConflictCheck(statement, table, findings).run(ofKey, isDelete);
        if (isPlanned && meansItsRow && statement.verb() != Verb.INSERT) {
            record.checkRow(tables);
        }
    }

    /** The rows that it means; reports parts of a {@code with} that mean others. */
    private RecordRows rows(TargetTable table) throws SQLException {
        SqlStatement upsert = StatementReader.read(collection.upsert());
        TargetTable written = tables.read(upsert);
        Map<String, Boolean> parts = RecordRows.ofParts(statement, paths, tables, (part, of, rows) -> {
            RecordCheck record = new RecordCheck(part, of, paths, findings, rows);
            record.insertsItsRow();
            if (record.meansItsRow() && isDelete) {
                new DeletedRowsCheck(part, of, upsert, paths, findings).hasKey(rows, written);
            }
        });
        return new RecordRows(statement, table, paths, tables, parts);
    }

    /** Whether a delete template looks for the rows of the upsert template by their key; reports what is wrong with that. */
    private boolean reachesRows(TargetTable table, RecordRows rows, Map<Long, String> writers) throws SQLException {
        SqlStatement upsert = StatementReader.read(collection.upsert());
        TargetTable written = tables.read(upsert);
        DeletedRowsCheck check = new DeletedRowsCheck(statement, table, upsert, paths, findings);
        check.insertsKey(written);
        new DeletedMarkCheck(statement, table, upsert, paths, findings).run(written);
        new DeletedConditionCheck(statement, table, upsert, paths, findings).run(rows);
        check.isOfTable(written, tables, writers);
        return check.hasKey(rows, written);
    }

    /** A row whose key changes is deleted under the one that it had. */
    private void checkKey(TargetTable table) throws SQLException {
        if (isDelete || paths.isConsume()) {
            return;
        }
        if (table != null && statement.conflict() != null) {
            new KeyTypeCheck(statement, table, hasLedger(), findings).run();
        }
        if (keyPaths(collection.upsert()).isEmpty()
                && (collection.delete() == null || keyPaths(collection.delete()).isEmpty())) {
            findings.warning(
                    Finding.UNKNOWN_KEY,
                    statement.position(0),
                    "this does not tell which row a message means, so a row whose key changes stays under its old key as well;"
                            + " write it as insert into … values … on conflict (columns) do update, or add a delete template");
        }
    }

    private List<List<String>> keyPaths(Template template) throws SQLException {
        TemplateStatement described = new TemplateStatement(template, Integer.MAX_VALUE);
        described.describe(connection);
        return described.keyPaths();
    }

    /** Rows that come back are refused by a batch. */
    private void checkResult() {
        int place = statement.verb() == Verb.SELECT ? statement.at() : statement.returning();
        if (place >= 0) {
            findings.error(
                    statement.position(place),
                    statement.verb() == Verb.SELECT
                            ? "a select returns rows, which a batch does not take; write insert into … select …"
                            : "returning returns rows, which a batch does not take; leave it out");
        }
    }
}
