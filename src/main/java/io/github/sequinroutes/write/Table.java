package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Version;
import io.github.sequinroutes.template.Executed;
import io.github.sequinroutes.template.MissingRows;
import io.github.sequinroutes.template.RowKeys;
import io.github.sequinroutes.template.RowLookUp;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.TemplateStatement.Described;
import io.github.sequinroutes.template.TemplateStatement.Values;
import io.github.sequinroutes.template.TemplateStatement.Variant;
import io.github.sequinroutes.template.Way;
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
    private final Collections collections;
    private final OpenDeadLetters openDeadLetters;
    private final Way way;
    private final boolean hasKeysInRecords;
    private final TemplateStatement upsert;
    private final TemplateStatement delete;
    /** For what a backfill has read of rows that the ledger knows; null if there is no such way to write them. */
    private final TemplateStatement missing;

    private final boolean ledger;

    /** {@code delete} may be null: then the upsert template marks deletions. */
    Table(WriteSupport support, TemplateStatement upsert, TemplateStatement delete, boolean ledger) {
        transactions = support.transactions();
        limit = support.limit();
        collections = support.collections();
        openDeadLetters = support.openDeadLetters();
        way = support.way();
        hasKeysInRecords = support.format().hasKeysInRecords();
        this.upsert = upsert;
        this.delete = delete;
        this.ledger = ledger || delete != null;
        missing = this.ledger ? MissingRows.of(upsert.template(), support.maxRecordSize()) : null;
    }

    /** Its templates. */
    List<TemplateStatement> templates() {
        return delete == null ? List.of(upsert) : List.of(upsert, delete);
    }

    /** Notes which row a record means. */
    void identify(Message record) {
        List<String> key = record.format().hasKeysInRecords() && keys() != null ? keys().of(record) : null;
        record.identify(key == null ? null : RowKeys.joined(key));
    }

    /** The deletion of the row under the key that it had before this change, or null if that is the same, or not known. */
    Message departure(Message change) {
        RowKeys keys = change.hasOldValues() ? keys() : null;
        List<String> former = keys == null ? null : keys.formerOf(change);
        if (former == null) {
            return null;
        }
        Message departure = change.format().departure(change, keys.of(change), former);
        departure.identify(RowKeys.joined(former));
        return departure;
    }

    private RowKeys keys() {
        return keyTemplate().keys();
    }

    /** Which says what the key is: a delete template may look at more than that, or at nothing that is known. */
    private TemplateStatement keyTemplate() {
        List<List<String>> ofDelete = delete == null ? List.of() : delete.keyPaths();
        List<List<String>> ofUpsert = upsert.keyPaths();
        return ofDelete.isEmpty() || (!ofUpsert.isEmpty() && ofDelete.containsAll(ofUpsert)) ? upsert : delete;
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
        return templateOf(record).extractValues(record, way);
    }

    private TemplateStatement templateOf(Message record) {
        return delete != null && record.isDeleted() ? delete : upsert;
    }

    /** The place in the template of the value for which PostgreSQL has rejected a record alone, or null if it is not known. */
    String placeOf(Message record, WriteException failure) {
        return failure.step() == WriteException.Step.EXECUTE
                ? templateOf(record).placeOf(record, Failures.sqlCause(failure))
                : null;
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
        Attempt attempt = new Attempt(values, way);
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
            return write(records, values, timeoutMillis, lockMillis, way);
        } catch (WriteException e) {
            if (records.size() == 1 || !SAME_ROW.equals(Failures.sqlState(e))) {
                throw e;
            }
            return write(records, values, timeoutMillis, lockMillis, Way.SINGLY);
        }
    }

    private List<Message> write(
            List<Message> records, Map<Message, Values> values, long timeoutMillis, long lockMillis, Way best)
            throws WriteException {
        Attempt attempt = new Attempt(values, best);
        List<Message> upserted = new ArrayList<>();
        attempt.run(() -> transactions.commit(
                timeoutMillis,
                lockMillis,
                connection -> upserted.addAll(attempt.execute(connection, records, timeoutMillis))));
        return upserted;
    }

    /** Probes whether the table takes a record: writes it without the ledger, and rolls that back. */
    void tryOut(Message record, Variant variant, long timeoutMillis) throws WriteException {
        Attempt attempt = new Attempt(Map.of(), Way.SINGLY);
        attempt.run(() -> transactions.tryOut(timeoutMillis, connection -> {
            TemplateStatement template = templateOf(record);
            Described now = attempt.describe(connection, template);
            attempt.step = WriteException.Step.EXECUTE;
            template.execute(connection, now, record, variant, timeoutMillis);
        }));
    }

    /** Has the server say what the key is, and of which types, unless that is known; if it does not, it will not write either. */
    void lookUpKey(long timeoutMillis) throws WriteException {
        if (hasKeysInRecords && keys() == null) {
            Attempt attempt = new Attempt(Map.of(), Way.SINGLY);
            attempt.run(() ->
                    transactions.tryOut(timeoutMillis, connection -> attempt.describe(connection, keyTemplate())));
        }
    }

    /** Has the server plan the templates: fails if one of them is wrong, or the table. */
    void plan(long timeoutMillis) throws WriteException {
        Attempt attempt = new Attempt(Map.of(), Way.SINGLY);
        attempt.run(() -> transactions.tryOut(timeoutMillis, connection -> {
            attempt.step = WriteException.Step.DESCRIBE;
            for (TemplateStatement template : templates()) {
                template.plan(connection);
            }
        }));
    }

    /** Tries records in a transaction of the caller's, to tell what the templates do to each. */
    Trial trial(Connection connection) {
        return new Trial(connection);
    }

    /** What a template does to the rows of records. Used by one thread, and in one transaction. */
    final class Trial {
        private final Connection connection;
        private final Attempt attempt = new Attempt(Map.of(), Way.SINGLY);

        private Trial(Connection connection) {
            this.connection = connection;
        }

        /**
         * Has the server plan and describe the templates.
         *
         * @throws SQLException if one is wrong, or the table
         */
        void describe() throws SQLException {
            for (TemplateStatement template : templates()) {
                template.plan(connection);
                attempt.describe(connection, template);
            }
        }

        /** Writes one record, less the value at a path of its template, and without the ledger. */
        void writeWithout(Message record, List<String> path, long timeoutMillis) throws SQLException {
            TemplateStatement template = templateOf(record);
            template.executeWithout(connection, attempt.describe(connection, template), record, path, timeoutMillis);
        }

        /** The paths of the template of a record, each once. */
        List<List<String>> paths(Message record) {
            return templateOf(record).template().paths().stream().distinct().toList();
        }

        /** Where a path stands in the template of a record. */
        String placeOf(Message record, List<String> path) {
            return templateOf(record).placeOf(path);
        }

        /**
         * Writes one record.
         *
         * @throws SQLException if it cannot be written
         */
        Written write(Message record, long timeoutMillis) throws SQLException {
            attempt.executed = null;
            attempt.execute(connection, List.of(record), timeoutMillis);
            Integer rows = attempt.executed == null ? null : attempt.executed.rows();
            return new Written(rows, templateOf(record).kind());
        }
    }

    /**
     * What a template has done.
     *
     * @param rows how many rows it has written, -1 if that is unknown; null if the ledger has kept the record out
     * @param kind what it can do to them
     */
    record Written(Integer rows, TemplateStatement.Kind kind) {}

    private interface Transaction {
        void run() throws SQLException;
    }

    /** One transaction, and how far it has come. */
    private final class Attempt {
        private final Map<Message, Values> values;
        private final Map<TemplateStatement, Described> described = new HashMap<>();
        private WriteException.Step step = WriteException.Step.CONNECT;
        private final Way best;
        /** What came of the last template; null if none was executed. */
        private Executed executed;

        Attempt(Map<Message, Values> values, Way best) {
            this.values = values;
            this.best = best;
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
            openDeadLetters.requireNoneBefore(connection, records, this::storedVersion);
            if (ledger) {
                Ledger.requireAlive(connection, records);
            }
            Ledger.Verdict verdict =
                    ledger ? Ledger.accept(connection, records) : new Ledger.Verdict(records, List.of());
            List<Message> accepted = verdict.accepted();
            markKeptOut(records, accepted);
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
            markKeptOut(accepted);
            if (missing != null) {
                execute(connection, missing, verdict.read(), timeoutMillis);
                verdict.read().forEach(record -> record.keptOut(false));
                markKeptOut(verdict.read());
            }
            return accepted;
        }

        /** Those that the ledger has not accepted. */
        private void markKeptOut(List<Message> all, List<Message> accepted) {
            boolean isAny = accepted.size() < all.size();
            for (Message record : all) {
                record.keptOut(isAny);
            }
            if (isAny) {
                accepted.forEach(record -> record.keptOut(false));
            }
        }

        /** Those for which a template has written no row, where PostgreSQL tells: how many, not which of several. */
        private void markKeptOut(List<Message> some) {
            int count = some.size();
            boolean isTold = executed != null && executed.rows() >= 0 && (count == 1 || executed.way() == Way.SET);
            int left = isTold ? count - executed.rows() : 0;
            // a deletion is seldom old
            for (int i = 0; i < 2 * count && left > 0; i++) {
                Message record = some.get(i % count);
                if (record.isDeleted() == (i >= count)) {
                    record.keptOut(true);
                    left--;
                }
            }
        }

        /** That of a row that has one, or null: of others it is the ledger that knows. */
        private Version storedVersion(Connection connection, Message record) throws SQLException {
            RowLookUp look = ledger ? null : upsert.versionLookUp(describe(connection, upsert), record.format());
            if (look == null) {
                return null;
            }
            look.describe(connection);
            step = WriteException.Step.LEDGER;
            return look.findVersion(connection, record);
        }

        private void execute(Connection connection, TemplateStatement template, List<Message> some, long timeoutMillis)
                throws SQLException {
            if (!some.isEmpty()) {
                Described now = describe(connection, template);
                step = WriteException.Step.EXECUTE;
                executed = template.execute(connection, now, some, values, timeoutMillis, best);
                collections.listener().executed(some.size(), executed.way());
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
