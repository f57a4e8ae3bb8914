package io.github.sequinroutes.write;

import io.github.sequinroutes.check.MissingGrants;
import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.failure.FailureKind;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.DescribedTemplate;
import io.github.sequinroutes.template.RecordValues;
import io.github.sequinroutes.template.StandIns;
import io.github.sequinroutes.template.TemplateProbe;
import io.github.sequinroutes.template.TemplateProbe.Variant;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user's table, as the templates of its collection write it. Thread-safe. */
final class Table {
    private static final Logger LOG = LoggerFactory.getLogger(Table.class);
    /** Two records of one statement mean the same row. */
    private static final String SAME_ROW = "21000";

    private static final long GRANTS_MILLIS = 1_000;

    private final WriteSupport support;
    private final CollectionTemplates templates;

    /** {@code delete} may be null: then the upsert template marks deletions. */
    Table(WriteSupport support, TemplateStatement upsert, TemplateStatement delete, boolean ledger) {
        this.support = support;
        templates = new CollectionTemplates(upsert, delete, ledger, support.maxRecordSize());
    }

    /** What writes it. */
    CollectionTemplates templates() {
        return templates;
    }

    /**
     * The values to bind for a record; null if the types of the parameters are not known yet, which needs a connection.
     *
     * @throws RecordFaultException if the record cannot be bound
     */
    RecordValues extractValues(Message record) throws RecordFaultException {
        return templates.of(record).extractValues(record, support.way());
    }

    /** What came of records of which some are rejected; {@code upserted} are those written by the upsert template. */
    record Isolated(
            List<Message> written, List<Message> upserted, List<Isolation.Rejection> rejected, List<Message> untried) {}

    /**
     * Writes records in one transaction, but for those that fail.
     *
     * @param oneByOne      whether what fails takes its time
     * @param timeoutMillis how long each step of the transaction may take that is not for records
     * @throws WriteException if anything fails that is no rejection: then none is written
     */
    Isolated isolate(
            List<Message> records,
            Map<Message, RecordValues> values,
            boolean oneByOne,
            long timeoutMillis,
            Isolation.Rules rules)
            throws WriteException {
        WriteAttempt attempt = attempt(values);
        Isolation[] done = new Isolation[1];
        attempt.run(() -> support.transactions().commit(timeoutMillis, connection -> {
            // before the first savepoint, lest the table changes once the transaction has gone back to that
            for (TemplateStatement template : templates.all()) {
                attempt.describe(connection, template);
            }
            attempt.at(WriteException.Step.EXECUTE);
            done[0] = new Isolation(connection, (some, millis) -> attempt.execute(connection, some, millis), rules);
            done[0].run(records, oneByOne);
        }));
        return new Isolated(done[0].executed(), done[0].upserted(), done[0].rejected(), done[0].untried());
    }

    /**
     * Writes the records in one transaction: all of them, or none.
     *
     * @param records       each once, in the order of keys
     * @param values        the values extracted so far
     * @param timeoutMillis how long each of its steps may take, in milliseconds
     * @param lockMillis    the longest time that it may wait for a lock, in milliseconds
     * @return those that the table has taken by the upsert template: not what the ledger kept out, nor what was deleted
     * @throws WriteException if it fails
     */
    List<Message> write(List<Message> records, Map<Message, RecordValues> values, long timeoutMillis, long lockMillis)
            throws WriteException {
        try {
            return write(records, values, timeoutMillis, lockMillis, support.way());
        } catch (WriteException e) {
            if (records.size() == 1 || !SAME_ROW.equals(Failures.sqlState(e))) {
                throw e;
            }
            return write(records, values, timeoutMillis, lockMillis, Way.SINGLY);
        }
    }

    /**
     * Writes the records in one transaction of few round trips, if they can be written so: all of them, or none.
     *
     * @param timeoutMillis how long that may take, in milliseconds
     * @return the same as {@link #write}; null if they are to be written step by step, to be or to learn at which it fails
     * @throws WriteException if it fails, and the step does not matter
     */
    List<Message> writeQuickly(List<Message> records, Map<Message, RecordValues> values, long timeoutMillis)
            throws WriteException {
        WriteAttempt attempt = attempt(values);
        if (!attempt.isKnown(records)) {
            return null;
        }
        List<Message> upserted = new ArrayList<>();
        try {
            attempt.run(() -> support.transactions()
                    .commitQuickly(
                            timeoutMillis,
                            timeoutMillis,
                            (connection, trip) ->
                                    upserted.addAll(attempt.executeQuickly(connection, trip, records, timeoutMillis))));
            return upserted;
        } catch (WriteException e) {
            if (saysAll(e, records.size())) {
                throw e;
            }
            LOG.debug("What has failed in few round trips is written step by step", e);
            return null;
        }
    }

    /** Whether a failure that does not say at which step is known for what it is. */
    private boolean saysAll(WriteException failure, int records) {
        if (failure.getCause() instanceof RoundTrip.UnexpectedException
                || FailureClassifier.isTimeOut(failure)
                || SAME_ROW.equals(Failures.sqlState(failure))) {
            return false;
        }
        FailureKind kind = support.policy().of(failure);
        // a record that is alone is told of in the words of its own statement
        return kind == FailureKind.RETRY || (kind == FailureKind.REJECT && records > 1);
    }

    private List<Message> write(
            List<Message> records, Map<Message, RecordValues> values, long timeoutMillis, long lockMillis, Way best)
            throws WriteException {
        WriteAttempt attempt = attempt(values, best);
        List<Message> upserted = new ArrayList<>();
        attempt.run(() -> support.transactions()
                .commit(
                        timeoutMillis,
                        lockMillis,
                        connection -> upserted.addAll(attempt.execute(connection, records, timeoutMillis))));
        return upserted;
    }

    /** Probes whether the table takes a record: writes it without the ledger, and rolls that back. */
    void tryOut(Message record, Variant variant, long timeoutMillis) throws WriteException {
        TemplateStatement template = templates.of(record);
        tryOut(template, timeoutMillis, (connection, now) -> new TemplateProbe(template)
                .execute(connection, now, record, variant, timeoutMillis));
    }

    /**
     * The values of records made of its own rows, in the place of one. Of a deletion that has a template of its own there are
     * none: to delete rows of others would be too much for a probe.
     */
    List<String[]> standIns(Message record, long timeoutMillis) throws WriteException {
        List<String[]> all = new ArrayList<>();
        if (templates.of(record) == templates.upsert()) {
            tryOut(
                    templates.upsert(),
                    timeoutMillis,
                    (connection, now) -> all.addAll(StandIns.of(connection, templates.upsert(), now, record)));
        }
        return all;
    }

    /** Probes whether it takes a record with these values: writes it without the ledger, and rolls that back. */
    boolean takes(String[] values, long timeoutMillis) throws WriteException {
        int[] rows = {0};
        tryOut(
                templates.upsert(),
                timeoutMillis,
                (connection, now) -> rows[0] = TemplateProbe.run(connection, now, values, timeoutMillis));
        return rows[0] > 0;
    }

    /** What is done with a template as it is described in the transaction. */
    private interface Trial {
        void run(Connection connection, DescribedTemplate now) throws SQLException;
    }

    private void tryOut(TemplateStatement template, long timeoutMillis, Trial trial) throws WriteException {
        WriteAttempt attempt = attempt(Map.of(), Way.SINGLY);
        attempt.run(() -> support.transactions().tryOut(timeoutMillis, connection -> {
            DescribedTemplate now = attempt.describe(connection, template);
            attempt.at(WriteException.Step.EXECUTE);
            trial.run(connection, now);
        }));
    }

    /** Has the server say what the key is, and of which types, unless that is known; if it does not, it will not write either. */
    void lookUpKey(long timeoutMillis) throws WriteException {
        if (support.format().hasKeysInRecords() && templates.keys() == null) {
            WriteAttempt attempt = attempt(Map.of(), Way.SINGLY);
            attempt.run(() -> support.transactions()
                    .tryOut(timeoutMillis, connection -> attempt.describe(connection, templates.keyTemplate())));
        }
    }

    /** Has the server plan the templates: fails if one of them is wrong, or the table. */
    void plan(long timeoutMillis) throws WriteException {
        WriteAttempt attempt = attempt(Map.of(), Way.SINGLY);
        attempt.run(() -> support.transactions().tryOut(timeoutMillis, connection -> {
            attempt.at(WriteException.Step.DESCRIBE);
            for (TemplateStatement template : templates.all()) {
                template.plan(connection);
            }
        }));
    }

    /** What its role must be granted, behind a semicolon; empty if that is not what failed, or nobody can tell. */
    String missingGrants(WriteException failure) {
        String[] advice = {""};
        if (MissingGrants.NOT_ALLOWED.equals(Failures.sqlState(failure))) {
            try {
                support.transactions()
                        .tryOut(
                                GRANTS_MILLIS,
                                connection -> advice[0] = MissingGrants.advice(
                                        connection,
                                        templates.all().stream()
                                                .map(TemplateStatement::template)
                                                .toList(),
                                        Failures.headline(failure)));
            } catch (SQLException e) {
                LOG.debug("Nobody tells what is to be granted", e);
            }
        }
        return advice[0];
    }

    /** Tries records in a transaction of the caller's, to tell what the templates do to each. */
    TableTrial trial(Connection connection) {
        return new TableTrial(connection, templates, attempt(Map.of(), Way.SINGLY));
    }

    /** Whether it may be written in one transaction with others, to the same effect as by itself. */
    boolean canShare() {
        return support.way() == Way.SET && templates.all().stream().allMatch(TemplateStatement::canShare);
    }

    /** Writes records that have these values, in the best way that there is, in a transaction of the caller's. */
    WriteAttempt attempt(Map<Message, RecordValues> values) {
        return attempt(values, support.way());
    }

    private WriteAttempt attempt(Map<Message, RecordValues> values, Way best) {
        return new WriteAttempt(templates, support, values, best);
    }
}
