package io.github.sequinroutes.write;

import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Version;
import io.github.sequinroutes.template.DescribedTemplate;
import io.github.sequinroutes.template.Executed;
import io.github.sequinroutes.template.RecordValues;
import io.github.sequinroutes.template.RowLookUp;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One transaction that writes records, and how far it has come. Used by one thread. */
final class WriteAttempt {
    private final CollectionTemplates templates;
    private final WriteSupport support;
    private final Map<Message, RecordValues> values;
    private final Map<TemplateStatement, DescribedTemplate> described = new HashMap<>();
    private RoundTrip trip = new RoundTrip();
    private boolean quickly;
    private final Way best;
    private WriteException.Step step = WriteException.Step.CONNECT;
    private Executed executed;

    /** What is done in a transaction. */
    interface Transaction {
        void run() throws SQLException;
    }

    /** One that has these values already, and executes in the best way that the templates allow. */
    WriteAttempt(CollectionTemplates templates, WriteSupport support, Map<Message, RecordValues> values, Way best) {
        this.templates = templates;
        this.support = support;
        this.values = values;
        this.best = best;
    }

    /** Is about to do this. */
    void at(WriteException.Step next) {
        step = next;
    }

    /** What came of the last template; null if none was executed. */
    Executed executed() {
        return executed;
    }

    /** Forgets that one was executed. */
    void forget() {
        executed = null;
    }

    /** Runs it once there may be one more that writes. */
    void run(Transaction transaction) throws WriteException {
        try {
            support.limit().run(transaction::run);
        } catch (SQLException | RuntimeException | AssertionError e) { // the driver asserts what it believes
            throw new WriteException(step, e);
        }
    }

    /**
     * Whether records can be written by what is known of the templates, and by statements that are for all of them: those
     * that lack values need to be asked for first.
     */
    boolean isKnown(List<Message> records) {
        if (best != Way.SET || records.stream().anyMatch(Message::lacksValues)) {
            return false;
        }
        TemplateStatement delete = templates.delete();
        List<Message> deleted = delete == null
                ? List.of()
                : records.stream().filter(Message::isDeleted).toList();
        List<Message> others = deleted.isEmpty()
                ? records
                : records.stream().filter(record -> !record.isDeleted()).toList();
        return (deleted.isEmpty() || delete.isKnown(deleted, values))
                && (others.isEmpty() || templates.upsert().isKnown(others, values));
    }

    /** The same as {@link #execute}, for records that {@link #isKnown are known}, in few round trips. */
    List<Message> executeQuickly(Connection connection, RoundTrip first, List<Message> records, long timeoutMillis)
            throws SQLException {
        trip = first;
        quickly = true;
        return execute(connection, records, timeoutMillis);
    }

    /** Returns those that the table has taken by the upsert template. */
    List<Message> execute(Connection connection, List<Message> records, long timeoutMillis) throws SQLException {
        step = WriteException.Step.LEDGER;
        support.openDeadLetters().requireNoneBefore(connection, records, this::storedVersion);
        if (templates.isLedger()) {
            Ledger.requireAlive(connection, records);
        }
        Ledger.Verdict verdict = templates.isLedger()
                ? Ledger.accept(connection, trip, records)
                : new Ledger.Verdict(records, List.of());
        List<Message> accepted = verdict.accepted();
        markKeptOut(records, accepted);
        if (templates.delete() != null) {
            execute(
                    connection,
                    templates.delete(),
                    accepted.stream().filter(Message::isDeleted).toList(),
                    timeoutMillis);
            accepted = accepted.stream().filter(record -> !record.isDeleted()).toList();
        }
        execute(connection, templates.upsert(), accepted, timeoutMillis);
        markKeptOut(accepted);
        if (templates.missing() != null) {
            execute(connection, templates.missing(), verdict.read(), timeoutMillis);
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
        RowLookUp look = templates.isLedger()
                ? null
                : RowLookUp.ofVersion(templates.upsert(), describe(connection, templates.upsert()), record.format());
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
            DescribedTemplate now = describe(connection, template);
            step = WriteException.Step.EXECUTE;
            executed = template.execute(connection, trip, now, some, values, timeoutMillis, best);
            support.collections().listener().executed(some.size(), executed.way());
        }
    }

    /** Once in the transaction: from here to its end the table cannot change. */
    DescribedTemplate describe(Connection connection, TemplateStatement template) throws SQLException {
        DescribedTemplate known = described.get(template);
        if (known == null) {
            step = WriteException.Step.DESCRIBE;
            known = quickly && template != templates.missing()
                    ? template.describeIn(trip)
                    : template.describe(connection);
            described.put(template, known);
        }
        return known;
    }
}
