package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;

/**
 * Runs the templates of a collection on an empty copy of their table, with records that nobody has: so what they do is found
 * whatever they look like. Says nothing where the copy would not do as the table does, or does not take the records.
 */
final class BehaviourCheck {
    private final Connection connection;
    private final CheckedCollection collection;
    private final TargetTable table;
    private final Findings findings;

    /** Of templates that the server takes; {@code table} is that of both. */
    BehaviourCheck(Connection connection, CheckedCollection collection, TargetTable table, Findings findings) {
        this.connection = connection;
        this.collection = collection;
        this.table = table;
        this.findings = findings;
    }

    /** Reports what one of them does; nothing is left of it. */
    void run(boolean isDelete) throws SQLException {
        boolean isAlone = connection.getAutoCommit();
        connection.setAutoCommit(false);
        Savepoint before = connection.setSavepoint();
        try {
            Trial trial = Trial.of(connection, collection, table);
            if (trial != null) {
                judge(trial, isDelete);
            }
        } catch (SQLException e) {
            // what a role may not do, or a server has no time for, says nothing of the template
            if (!Failures.isReportedByServer(e)) {
                throw e;
            }
        } finally {
            connection.rollback(before);
            if (isAlone) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private void judge(Trial trial, boolean isDelete) throws SQLException {
        Message ofOther = trial.records().written(2, 10, 40);
        Map<String, String> own = trial.firstRow();
        List<Map<String, String>> both = trial.rows(trial.first(), ofOther);
        if (both == null || both.size() != 2 || !both.contains(own)) {
            return; // the templates do not tell them apart
        }
        Map<String, String> bystander = both.get(both.get(0).equals(own) ? 1 : 0);
        if (isDelete) {
            new DeletionTrial(trial, findings).ofTemplate(ofOther, bystander);
            return;
        }
        List<Map<String, String>> rows =
                trial.rows(trial.first(), ofOther, trial.records().written(1, 20, 20));
        if (rows == null || rows.size() > 2) {
            return; // a row for each version, for one
        }
        if (!rows.contains(bystander)) {
            findings.error(
                    Finding.EVERY_ROW,
                    Trial.place(trial.upsert()),
                    Trial.TRIED
                            + "a message of one record also changes the row of another; tie the row to the record, as in"
                            + " on conflict (id)");
            return;
        }
        if (!trial.versions().isEmpty()) {
            new GuardTrial(trial, findings).run();
        }
        if (trial.delete() == null) {
            new DeletionTrial(trial, findings).ofUpsert();
        }
    }
}
