package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.message.Rejection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/**
 * Writes a batch in one transaction that is rolled back, each record by itself, to tell what would become of each: through
 * the same routes, templates and guards. Of the bundle's own tables nothing is left either. While it is at work no other
 * batch can be written. Used by one thread.
 */
public final class DryRun {
    /** Less than PostgreSQL's deadlock_timeout: whoever writes in earnest is never the one that has to give way. */
    private static final long LOCK_MILLIS = 500;

    private final Transactions transactions;
    private final Database database;
    private final Dispatch dispatch;
    private final Collections collections;
    private final FailurePolicy policy;
    private final Map<Message, Note> notes = new HashMap<>();
    /** Of messages whose route has made another record of them. */
    private final Map<String, Note> notesByToken = new HashMap<>();

    private final List<TableDryRun> tables = new ArrayList<>();
    private Connection connection;
    private long deadline;

    /** What is known of a message beside its outcome. */
    record Note(Effect effect, String text) {}

    /** Through the routes of these collections, in this database. */
    public DryRun(
            Transactions transactions,
            Database database,
            Dispatch dispatch,
            Collections collections,
            FailurePolicy policy) {
        this.transactions = transactions;
        this.database = database;
        this.dispatch = dispatch;
        this.collections = collections;
        this.policy = policy;
    }

    /**
     * Tells what would become of each message of a batch, in its order.
     *
     * @param timeoutMillis how long the transaction may last, and hold its locks; what there is no time for is not tried
     * @param runsSteps     whether routes are run whose steps may do what cannot be rolled back
     * @throws SQLException if the database is away, or the bundle's own tables cannot be used
     */
    public List<PlannedMessage> run(Batch batch, CamelContext context, long timeoutMillis, boolean runsSteps)
            throws SQLException {
        Exchange exchange = new DefaultExchange(context);
        notes.clear();
        notesByToken.clear();
        tables.clear();
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        dispatch.sortOut(batch, exchange);
        List<Group> groups = dispatch.groups(batch, exchange);
        transactions.tryOut(timeoutMillis, LOCK_MILLIS, inTransaction -> {
            connection = inTransaction;
            database.lendTables(connection);
            collections.dryRun(this);
            try {
                for (Group group : groups) {
                    send(group, exchange, runsSteps);
                }
                retry();
            } finally {
                collections.dryRun(null);
            }
        });
        Map<Message, PlannedMessage> planned = new LinkedHashMap<>();
        batch.messages().forEach(message -> planned.put(message, planned(message)));
        return List.copyOf(planned.values());
    }

    private void send(Group group, Exchange exchange, boolean runsSteps) throws SQLException {
        String step = runsSteps ? null : RouteSteps.unsafe(exchange.getContext(), group.route());
        if (step != null) {
            group.forEach(message -> note(
                    message,
                    Effect.NOT_TRIED,
                    "its route " + group.route() + " has a step '" + step
                            + "', which may do what cannot be rolled back; --steps runs it all the same"));
            return;
        }
        try {
            dispatch.send(group, exchange);
        } catch (Exception e) {
            SQLException sql = Failures.sqlCause(e);
            if (sql != null && !Failures.isReportedByServer(sql)) {
                throw sql; // nothing of the transaction can be relied on
            }
            pause(group, "its route " + group.route() + " has failed: " + Failures.describe(e));
        }
    }

    /** What a sink does in place of writing. */
    void write(UpsertSink sink, Group group) {
        try {
            TableDryRun table = new TableDryRun(this, sink, connection);
            tables.add(table);
            table.write(group);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was rejected for want of another row may be accepted now. */
    private void retry() throws SQLException {
        boolean someAccepted = true;
        while (someAccepted) {
            someAccepted = false;
            for (TableDryRun table : tables) {
                someAccepted |= table.retry();
            }
        }
    }

    /** Leaves what is pending of a group unacked. */
    void pause(Group group, String problem) {
        group.leaveUnacked().forEach(message -> note(message, Effect.PAUSED, problem));
    }

    /** Notes what would become of a message. */
    void note(Message message, Effect effect, String text) {
        Note note = new Note(effect, text);
        notes.put(message, note);
        if (message.ackToken() != null) {
            notesByToken.put(message.ackToken(), note);
        }
    }

    /** How long the next step may take, in milliseconds; 0 if there is no time left. */
    long millisLeft() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    FailurePolicy policy() {
        return policy;
    }

    private PlannedMessage planned(Message message) {
        Note note = notes.containsKey(message) ? notes.get(message) : notesByToken.get(message.ackToken());
        Rejection rejection = message.rejection();
        if (rejection != null) {
            return planned(message, Effect.DEAD_LETTERED, rejection, rejection.error());
        }
        String text = note == null ? null : note.text;
        Outcome outcome = message.outcome();
        return switch (outcome) {
            case SUPERSEDED -> planned(message, Effect.SUPERSEDED, null, null);
            case IGNORED -> planned(message, Effect.DROPPED, null, "its collection is in sequin.ignore");
            case DROPPED, COMPLETED, DEAD_LETTERED -> planned(message, Effect.DROPPED, null, "its route drops it");
            case WRITTEN -> planned(message, note == null ? Effect.WRITTEN : note.effect, null, text);
            default ->
                note == null
                        ? planned(message, Effect.PAUSED, null, problemOf(message))
                        : planned(message, note.effect, null, text);
        };
    }

    private String problemOf(Message message) {
        return collections.paused().get(message.collection());
    }

    private static PlannedMessage planned(Message message, Effect effect, Rejection rejection, String note) {
        return new PlannedMessage(
                message.collection(),
                message.id(),
                message.version() == null ? null : message.version().toString(),
                effect,
                rejection == null ? null : rejection.reason(),
                rejection == null ? null : rejection.sqlState(),
                note);
    }
}
