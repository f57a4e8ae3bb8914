package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.message.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the templates of a collection on an empty copy of their table, with records that nobody has: so what they do is found
 * whatever they look like. Says nothing where the copy would not do as the table does, or does not take the records.
 *
 * @param othersInsert whether other collections insert rows of the table
 */
record BehaviourCheck(
        Connection connection,
        TableReader tables,
        PathTypes types,
        CheckedCollection collection,
        TargetTable table,
        boolean othersInsert) {
    private static final Logger LOG = LoggerFactory.getLogger(BehaviourCheck.class);

    /**
     * Reports what they do; nothing is left of it. A trial that fails by itself says nothing, and ends no check of others.
     *
     * @param delete   the statement of the delete template, or null if none writes this table
     * @param ofUpsert what is found in the upsert template, or null if that cannot be judged
     * @param ofDelete the same of the delete template
     * @throws SQLException if the connection can no longer be used
     */
    void run(SqlStatement upsert, SqlStatement delete, Findings ofUpsert, Findings ofDelete) throws SQLException {
        Findings tried = ofUpsert == null ? null : ofUpsert.tried();
        boolean isAlone = connection.getAutoCommit();
        connection.setAutoCommit(false);
        Savepoint before = connection.setSavepoint();
        try {
            Trial trial = Trial.of(connection, collection, table, upsert, delete, types);
            boolean hasLedger = collection.ledger() || collection.delete() != null;
            if (trial == null && ofUpsert != null && upsert.isCompound() && !hasLedger) {
                new CompoundTrial(connection, collection, upsert, tried).run(tables, types);
            } else if (trial != null && table.hasAnyTriggers()) {
                onlyGuard(trial, tried);
            } else if (trial != null && trial.firstRow != null) {
                judge(trial, tried, ofDelete == null ? null : ofDelete.tried());
            } else if (trial != null && ofUpsert != null && !trial.leavesNone()) {
                new RefusedTrial(trial, tried).run();
            } else if (trial != null && ofUpsert != null) {
                missing(trial, ofUpsert);
            }
        } catch (SQLException | RuntimeException e) {
            // what a role may not do, a server has no time for, or nobody can make up, says nothing of the template;
            // if it was the connection that broke, undoing it fails as well
            LOG.debug(
                    "{} cannot be tried with made-up records", upsert.template().file(), e);
        } finally {
            connection.rollback(before);
            if (isAlone) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** The copy has no triggers, which may change a row, or whether it is written. */
    private void onlyGuard(Trial trial, Findings ofUpsert) throws SQLException {
        if (ofUpsert != null && trial.firstRow != null && !trial.versions.isEmpty()) {
            new GuardTrial(trial, ofUpsert.doubtful()).run();
        }
    }

    private void missing(Trial trial, Findings findings) {
        SqlStatement upsert = trial.upsert;
        boolean isPlainUpdate = upsert.verb() == Verb.UPDATE
                && upsert.at() == 0
                && upsert.source().to() == upsert.source().from();
        boolean isMergeOfRows =
                upsert.verb() == Verb.MERGE && upsert.tokens().stream().noneMatch(token -> token.is("insert"));
        if (!isPlainUpdate && !isMergeOfRows) {
            new RowTrial(trial, findings.tried()).missing();
        } else if (!othersInsert) {
            new RowTrial(trial, findings).onlyUpdated();
        }
    }

    private void judge(Trial trial, Findings ofUpsert, Findings ofDelete) throws SQLException {
        Message ofOther = trial.records.written(2, 10, 40);
        Map<String, String> own = trial.firstRow;
        if (ofUpsert != null) {
            new RowTrial(trial, ofUpsert).kept();
            KeyTrial key = new KeyTrial(trial, ofUpsert);
            key.shared(ofOther);
            key.parts();
        }
        List<Map<String, String>> both = trial.rows(trial.first, ofOther);
        if (both == null || both.size() != 2 || !both.contains(own)) {
            return; // the templates do not tell them apart
        }
        Map<String, String> bystander = both.get(both.get(0).equals(own) ? 1 : 0);
        if (ofUpsert != null && !ofUpsert.hasErrors() && keepsOthers(trial, ofOther, bystander, ofUpsert)) {
            if (!trial.versions.isEmpty()) {
                new GuardTrial(trial, ofUpsert).run();
            }
            new ColumnTrial(trial, ofUpsert).run();
            if (collection.delete() == null) {
                new DeletionTrial(trial, ofUpsert).ofUpsert();
            }
        }
        if (ofDelete != null && trial.delete != null) {
            new DeletionTrial(trial, ofDelete).ofTemplate(ofOther, bystander);
            new KeyTrial(trial, ofDelete).deletes();
        }
    }

    /** Reports an upsert that changes the rows of other records; returns whether it leaves them, and makes one for a record. */
    private static boolean keepsOthers(Trial trial, Message ofOther, Map<String, String> bystander, Findings findings)
            throws SQLException {
        List<Map<String, String>> rows = trial.rows(trial.first, ofOther, trial.records.written(1, 20, 20));
        if (rows == null || rows.size() > 2) {
            return false; // a row for each version, for one
        }
        if (!rows.contains(bystander)) {
            findings.error(
                    Finding.EVERY_ROW,
                    Trial.place(trial.upsert),
                    "a message of one record also changes the row of another; tie the row to the record, as in"
                            + " on conflict (id)");
        }
        return rows.contains(bystander);
    }
}
