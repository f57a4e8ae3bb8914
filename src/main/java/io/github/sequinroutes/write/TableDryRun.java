package io.github.sequinroutes.write;

import io.github.sequinroutes.database.SessionSettings;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.FailureKind;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.message.Rejection;
import io.github.sequinroutes.template.PathTrial;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tries the records of a group in the transaction of a dry run, from savepoint to savepoint. Used by one thread. */
final class TableDryRun {
    private static final String BEGIN = "savepoint dry_run";
    private static final String KEEP = "release savepoint dry_run";
    /** For so many records it is found out which value is at fault, if PostgreSQL does not say so. */
    private static final int MAX_PATH_TRIALS = 5;

    private static final String UNDO = "rollback to savepoint dry_run; release savepoint dry_run";

    private final DryRun dryRun;
    private final Connection connection;
    private final Table table;
    private final TableTrial trial;
    private final RowEffects effects;
    private final Parts parts = new Parts();
    private final List<Message> rejected = new ArrayList<>();
    private final Map<Message, RowEffects.Row> rowsBefore = new HashMap<>();
    private int pathTrials;

    TableDryRun(DryRun dryRun, UpsertSink sink, Connection connection) {
        this.dryRun = dryRun;
        this.connection = connection;
        table = sink.table();
        trial = table.trial(connection);
        effects = new RowEffects(connection, table);
    }

    /** Tries all that are pending; what is wrong with the templates or the table pauses the collection. */
    void write(Group group) throws SQLException {
        List<Message> pending = group.pending();
        if (pending.isEmpty()) {
            return;
        }
        SQLException refusal = attempt(trial::describe);
        if (refusal != null) {
            dryRun.pause(group, Failures.describe(refusal));
            return;
        }
        // without it, what the templates say has to do
        attempt(() -> effects.lookUpRows(pending.get(0).format()));
        List<Message> changes = withVersions(group);
        Departures departures = Departures.of(changes, table);
        List<List<Message>> rounds = Group.rounds(departures.with(changes));
        write(rounds.get(0));
        boolean someAccepted = true;
        while (someAccepted) {
            someAccepted = retry();
        }
        for (List<Message> round : rounds.subList(1, rounds.size())) {
            write(round);
        }
        departures.settle();
    }

    private List<Message> withVersions(Group group) {
        for (Message message : group.pending()) {
            try {
                table.templates().checkVersion(message);
                table.templates().identify(message);
            } catch (MalformedRecordException e) {
                Blame.reject(message, e);
            }
        }
        return group.pending();
    }

    /** Tries records, and of each that is rejected the older versions, in the order in which they are written in earnest. */
    private void write(List<Message> round) throws SQLException {
        parts.add(round, 1);
        while (!parts.isEmpty()) {
            for (Message record : parts.next()) {
                if (record.isPending()) {
                    write(record);
                }
            }
        }
    }

    private void write(Message record) throws SQLException {
        if (record.isForsaken()) {
            Blame.reject(record, OpenDeadLetters.failure("a dead letter"));
        } else if (record.mustWait()) {
            dryRun.note(record, Effect.NOT_TRIED, "it needs what an older version brings, which was not tried");
            record.leaveVersionsUnacked();
        } else if (!tryAlone(record)) {
            parts.olderOf(record);
        }
    }

    /** Retries what another row may have fixed; returns whether something is accepted now. */
    boolean retry() throws SQLException {
        boolean someAccepted = false;
        for (Message record : List.copyOf(rejected)) {
            Rejection rejection = record.rejection();
            if (rejection != null && Rejected.dependsOnOthers(record)) {
                record.retry();
                if (tryAlone(record)) {
                    someAccepted = true;
                } else {
                    record.reject(rejection);
                }
            }
        }
        return someAccepted;
    }

    /** Tries one record, and returns whether nothing older needs to be tried. */
    private boolean tryAlone(Message record) throws SQLException {
        long millis = dryRun.millisLeft();
        if (millis == 0) {
            dryRun.note(record, Effect.NOT_TRIED, "there was no time left for it");
            record.leaveVersionsUnacked();
            return true;
        }
        boolean[] isLookedUp = new boolean[1];
        SQLException failure = attempt(() -> {
            RowEffects.Row before = effects.find(record);
            isLookedUp[0] = true;
            write(record, before, millis);
        });
        if (failure != null && !isLookedUp[0]) {
            // a value that cannot be a key's fails as it is looked up: the write says better what is wrong with it
            failure = attempt(() -> write(record, null, millis));
        }
        if (failure == null) {
            record.written();
            rejected.remove(record);
            return true;
        }
        if (!(failure instanceof RecordFaultException) && dryRun.policy().of(failure) == FailureKind.RETRY) {
            dryRun.note(
                    record, Effect.NOT_TRIED, "it waits for another, or takes too long: " + Failures.describe(failure));
            record.leaveVersionsUnacked();
            return true;
        }
        reject(record, failure);
        return false;
    }

    /** Writes it, and tells what it has done; {@code before} is its row, or null if that is not known. */
    private void write(Message record, RowEffects.Row before, long millis) throws SQLException {
        TableTrial.Written written = trial.write(record, millis);
        RowEffects.Row first = beforeSuperseded(record, before);
        RowEffects.Row after = before != null && RowEffects.needsRow(record, written) ? effects.find(record) : null;
        // what a trigger leaves changed, or what is deferred to the commit, is this record's fault
        SessionSettings.check(connection);
        RowEffects.Told told = effects.told(record, written, before, first, after);
        dryRun.note(record, told.effect(), told.text());
        rowsBefore.put(record, first);
    }

    /** Its row before older versions were written that it supersedes: those that could be while it was rejected itself. */
    private RowEffects.Row beforeSuperseded(Message record, RowEffects.Row now) {
        RowEffects.Row before = now;
        for (Message older = record.older(); older != null; older = older.older()) {
            if (older.outcome() == Outcome.WRITTEN && rowsBefore.get(older) != null) {
                before = rowsBefore.get(older);
            }
        }
        return before;
    }

    private void reject(Message record, SQLException failure) throws SQLException {
        if (failure instanceof RecordFaultException fault) {
            Blame.reject(record, (SQLException) fault.getCause());
        } else {
            String place = table.templates().placeOf(record, new WriteException(WriteException.Step.EXECUTE, failure));
            Blame.reject(record, failure, place == null ? findPlace(record, failure) : place);
        }
        if (!rejected.contains(record)) {
            rejected.add(record);
        }
    }

    private String findPlace(Message record, SQLException failure) throws SQLException {
        // what is not in the message, or depends on other rows, is no value's fault
        boolean isWorthIt = !record.lacksValues() && pathTrials++ < MAX_PATH_TRIALS && dryRun.millisLeft() > 0;
        if (!isWorthIt) {
            return null;
        }
        long millis = dryRun.millisLeft();
        List<String> path = PathTrial.atFault(
                trial.paths(record), failure, one -> attemptInVain(() -> trial.writeWithout(record, one, millis)));
        return path == null ? null : trial.placeOf(record, path);
    }

    private interface Step {
        void run() throws SQLException;
    }

    /** Does something and undoes it; returns why it cannot be done, or null. */
    private SQLException attemptInVain(Step step) throws SQLException {
        execute("savepoint in_vain");
        SQLException failure = attempt(() -> {
            step.run();
            SessionSettings.check(connection);
        });
        execute("rollback to savepoint in_vain; release savepoint in_vain");
        return failure;
    }

    /** Does something, or nothing of it; returns why it cannot be done, or null. */
    private SQLException attempt(Step step) throws SQLException {
        execute(BEGIN);
        try {
            step.run();
            execute(KEEP);
            return null;
        } catch (SQLException e) {
            if (!Failures.isReportedByServer(e) && !(e instanceof RecordFaultException)) {
                throw e;
            }
            execute(UNDO);
            return e;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
