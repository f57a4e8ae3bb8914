package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.MissingRows;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.TemplateStatement.Described;
import io.github.sequinroutes.template.TemplateStatement.Values;
import io.github.sequinroutes.template.TemplateStatement.Variant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A user's table, as the templates of its collection write it. Thread-safe. */
final class Table {
    /** Two records of one statement mean the same row. */
    private static final String SAME_ROW = "21000";

    private final Transactions transactions;
    private final WriteLimit limit;
    private final OpenDeadLetters openDeadLetters;
    private final TemplateStatement upsert;
    private final TemplateStatement delete;
    /** For what a backfill has read of rows that the ledger knows; null if there is no such way to write them. */
    private final TemplateStatement missing;

    private final boolean ledger;

    /** {@code delete} may be null: then the upsert template marks deletions. */
    Table(WriteSupport support, TemplateStatement upsert, TemplateStatement delete, boolean ledger) {
        transactions = support.transactions();
        limit = support.limit();
        openDeadLetters = support.openDeadLetters();
        this.upsert = upsert;
        this.delete = delete;
        this.ledger = ledger || delete != null;
        missing = this.ledger ? MissingRows.of(upsert.template(), support.maxRecordSize()) : null;
    }

    /** Its templates. */
    List<TemplateStatement> templates() {
        return delete == null ? List.of(upsert) : List.of(upsert, delete);
    }

    /** The paths that tell which row a record means; empty if that is not known. */
    List<List<String>> keyPaths() {
        List<List<String>> ofDelete = delete == null ? List.of() : delete.keyPaths();
        return ofDelete.isEmpty() ? upsert.keyPaths() : ofDelete;
    }

    /**
     * Checks that a record has the version that a template or the ledger needs.
     *
     * @throws MalformedRecordException if not
     */
    void checkVersion(Message record) throws MalformedRecordException {
        if (ledger && record.version() == null) {
            throw new MalformedRecordException("the ledger needs a version: " + record.versionProblem());
        }
        upsert.checkVersion(record);
    }

    /**
     * The values to bind for a record; null if the types of the parameters are not known yet, which needs a connection.
     *
     * @throws RecordFaultException if the record cannot be bound
     */
    Values extractValues(Message record) throws RecordFaultException {
        return templateOf(record).extractValues(record);
    }

    private TemplateStatement templateOf(Message record) {
        return delete != null && record.isDeleted() ? delete : upsert;
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
            Map<Message, Values> values,
            boolean oneByOne,
            long timeoutMillis,
            Isolation.Rules rules)
            throws WriteException {
        Attempt attempt = new Attempt(values);
        Isolation[] done = new Isolation[1];
        attempt.run(() -> transactions.commit(timeoutMillis, connection -> {
            // before the first savepoint, lest the table changes once the transaction has gone back to that
            for (TemplateStatement template : templates()) {
                attempt.describe(connection, template);
            }
            attempt.step = WriteException.Step.EXECUTE;
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
    List<Message> write(List<Message> records, Map<Message, Values> values, long timeoutMillis, long lockMillis)
            throws WriteException {
        try {
            return write(records, values, timeoutMillis, lockMillis, true);
        } catch (WriteException e) {
            if (records.size() == 1 || !SAME_ROW.equals(Failures.sqlState(e))) {
                throw e;
            }
            return write(records, values, timeoutMillis, lockMillis, false);
        }
    }

    private List<Message> write(
            List<Message> records, Map<Message, Values> values, long timeoutMillis, long lockMillis, boolean together)
            throws WriteException {
        Attempt attempt = new Attempt(values);
        attempt.together = together;
        List<Message> upserted = new ArrayList<>();
        attempt.run(() -> transactions.commit(
                timeoutMillis,
                lockMillis,
                connection -> upserted.addAll(attempt.execute(connection, records, timeoutMillis))));
        return upserted;
    }

    /** Probes whether the table takes a record: writes it without the ledger, and rolls that back. */
    void tryOut(Message record, Variant variant, long timeoutMillis) throws WriteException {
        Attempt attempt = new Attempt(Map.of());
        attempt.run(() -> transactions.tryOut(timeoutMillis, connection -> {
            TemplateStatement template = templateOf(record);
            Described now = attempt.describe(connection, template);
            attempt.step = WriteException.Step.EXECUTE;
            template.execute(connection, now, record, variant, timeoutMillis);
        }));
    }

    /** Has the server say which columns are the key, unless that is known; if it does not, it will not write either. */
    void lookUpKey(long timeoutMillis) throws WriteException {
        if (upsert.needsLookUp() && keyPaths().isEmpty()) {
            Attempt attempt = new Attempt(Map.of());
            attempt.run(() -> transactions.tryOut(timeoutMillis, connection -> attempt.describe(connection, upsert)));
        }
    }

    /** Has the server plan the templates: fails if one of them is wrong, or the table. */
    void plan(long timeoutMillis) throws WriteException {
        Attempt attempt = new Attempt(Map.of());
        attempt.run(() -> transactions.tryOut(timeoutMillis, connection -> {
            attempt.step = WriteException.Step.DESCRIBE;
            for (TemplateStatement template : templates()) {
                template.plan(connection);
            }
        }));
    }

    private interface Transaction {
        void run() throws SQLException;
    }

    /** One transaction, and how far it has come. */
    private final class Attempt {
        private final Map<Message, Values> values;
        private final Map<TemplateStatement, Described> described = new HashMap<>();
        private WriteException.Step step = WriteException.Step.CONNECT;
        private boolean together = true;

        Attempt(Map<Message, Values> values) {
            this.values = values;
        }

        void run(Transaction transaction) throws WriteException {
            try {
                limit.run(transaction::run);
            } catch (SQLException | RuntimeException | AssertionError e) { // the driver asserts what it believes
                throw new WriteException(step, e);
            }
        }

        /** Returns those that the table has taken by the upsert template. */
        List<Message> execute(Connection connection, List<Message> records, long timeoutMillis) throws SQLException {
            step = WriteException.Step.LEDGER;
            Ledger.Verdict verdict =
                    ledger ? Ledger.accept(connection, records) : new Ledger.Verdict(records, List.of());
            List<Message> accepted = verdict.accepted();
            openDeadLetters.requireNoneBefore(connection, accepted);
            if (delete != null) {
                execute(
                        connection,
                        delete,
                        accepted.stream().filter(Message::isDeleted).toList(),
                        timeoutMillis);
                accepted =
                        accepted.stream().filter(record -> !record.isDeleted()).toList();
            }
            execute(connection, upsert, accepted, timeoutMillis);
            if (missing != null) {
                execute(connection, missing, verdict.read(), timeoutMillis);
            }
            return accepted;
        }

        private void execute(Connection connection, TemplateStatement template, List<Message> some, long timeoutMillis)
                throws SQLException {
            if (!some.isEmpty()) {
                Described now = describe(connection, template);
                step = WriteException.Step.EXECUTE;
                template.execute(connection, now, some, values, timeoutMillis, together);
            }
        }

        /** Once in the transaction: from here to its end the table cannot change. */
        Described describe(Connection connection, TemplateStatement template) throws SQLException {
            Described known = described.get(template);
            if (known == null) {
                step = WriteException.Step.DESCRIBE;
                known = template.describe(connection);
                described.put(template, known);
            }
            return known;
        }
    }
}
