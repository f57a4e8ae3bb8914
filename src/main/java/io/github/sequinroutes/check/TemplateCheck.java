package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.TemplateRefusedException;
import io.github.sequinroutes.template.TemplateStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks one template. */
final class TemplateCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TemplateCheck.class);

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
    /** That of the upsert template. */
    private final TemplateCheck upsert;

    private TargetTable table;
    private boolean isRefused;
    private boolean isBroken;
    private boolean returnsRows;
    private boolean isComplete;

    /** Of the upsert template, or of the delete template, with the check of the former. */
    TemplateCheck(Connection connection, TableReader tables, CheckedCollection collection, TemplateCheck upsert) {
        this.connection = connection;
        this.tables = tables;
        this.collection = collection;
        isDelete = upsert != null;
        this.upsert = isDelete ? upsert : this;
        statement = StatementReader.read(isDelete ? collection.delete() : collection.upsert());
        paths = new Paths(collection.format());
        findings = new Findings(statement.template());
    }

    /** Finds what is wrong with what it says; {@code writers} are the collections that write each table, by its oid. */
    void run(Map<Long, String> writers, SharedTables shared) throws SQLException {
        TemplateRefusedException refused = refusal();
        isRefused = refused != null;
        try {
            read(refused, writers, shared);
        } catch (RuntimeException ownMistake) {
            // what has been found stands, and that of other templates
            isBroken = true;
            LOG.debug("{} is not checked in full", statement.template().file(), ownMistake);
            if (isRefused && !findings.hasErrors()) {
                findings.error(refused.position(), refused.reason() + " (SQLSTATE " + refused.getSQLState() + ")");
            } else if (!isRefused) {
                findings.unfinished(ownMistake);
            }
        }
    }

    private void read(TemplateRefusedException refused, Map<Long, String> writers, SharedTables shared)
            throws SQLException {
        new InvisibleCheck(statement.template(), findings).run();
        new SpellingCheck(statement, paths, findings).run();
        boolean isMisspelt = findings.hasErrors();
        boolean hasVersion = PathCheck.run(statement, paths, collection.hasSteps(), findings) && !isMisspelt;
        table = tables.read(statement);
        if (table != null && (refused == null || !refused.getSQLState().equals(Refusal.SYNTAX))) {
            checkTable(table, refused == null && hasVersion, refused == null, writers);
        }
        if (refused != null && !(isMisspelt && OF_SPELLING.contains(refused.getSQLState()))) {
            new Refusal(connection, statement, table, paths, refused).report(findings);
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

    /** Whether a batch takes it, so that it can be tried, however wrong it is. */
    boolean isTaken() {
        return !isRefused && !isBroken && !returnsRows;
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
        KeyCheck key = new KeyCheck(statement, table, paths, collection.only(), findings);
        KeyCheck.Rows ofKey = key.rows();
        if (hasVersion) {
            key.run();
            NumberTypes numbers = new NumberTypes(connection, statement, table, findings);
            new WrittenValues(statement, table, paths, findings, numbers).run();
        }
        new TableCheck(statement, table, findings).swallowed(tables, isDelete);
        RecordRows rows = rows(table);
        RecordCheck record = new RecordCheck(statement, table, paths, findings, rows);
        boolean meansItsRow = record.meansItsRow();
        if (isDelete) {
            record.insertsItsRow();
            meansItsRow = meansItsRow && reachesRows(table, rows, writers);
        } else {
            SqlStatement delete = collection.delete() == null ? null : StatementReader.read(collection.delete());
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
        TargetTable written = tables.read(upsert.statement);
        Map<String, Boolean> parts = RecordRows.ofParts(statement, paths, tables, (part, of, rows) -> {
            RecordCheck record = new RecordCheck(part, of, paths, findings, rows);
            record.insertsItsRow();
            if (record.meansItsRow() && isDelete) {
                deletedRows(part, of, written).hasKey(rows);
            }
        });
        return new RecordRows(statement, table, paths, tables, parts);
    }

    /** Whether a delete template looks for the rows of the upsert template by their key; reports what is wrong with that. */
    private boolean reachesRows(TargetTable table, RecordRows rows, Map<Long, String> writers) throws SQLException {
        DeletedRowsCheck check = deletedRows(statement, table, tables.read(upsert.statement));
        check.insertsKey();
        new DeletedMarkCheck(statement, table, upsert.statement, paths, findings).run(check.isOfTable());
        new DeletedConditionCheck(statement, table, upsert.statement, paths, findings).run(rows);
        check.writesTable(tables, writers);
        return check.hasKey(rows);
    }

    private DeletedRowsCheck deletedRows(SqlStatement part, TargetTable table, TargetTable written) {
        return new DeletedRowsCheck(part, table, upsert.statement, written, paths, findings, upsert.findings);
    }

    /** A row whose key changes is deleted under the one that it had. */
    private void checkKey(TargetTable table) throws SQLException {
        if (isDelete || paths.isConsume()) {
            return;
        }
        if (table != null && statement.conflict() != null) {
            new KeyTypeCheck(statement, table, hasLedger(), findings).run();
        }
        new UnknownKeyCheck(connection, collection, statement, findings).run();
    }

    /** Rows that come back are refused by a batch. */
    private void checkResult() {
        int place = statement.verb() == Verb.SELECT ? statement.at() : statement.returning();
        returnsRows = place >= 0;
        if (returnsRows) {
            findings.error(
                    statement.position(place),
                    statement.verb() == Verb.SELECT
                            ? "a select returns rows, which a batch does not take; write insert into … select …"
                            : "returning returns rows, which a batch does not take; leave it out");
        }
    }
}
