package io.github.sequinroutes.write;

import io.github.sequinroutes.database.SessionSettings;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.FailureKind;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Rejection;
import io.github.sequinroutes.template.TemplateStatement.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Tries the records of a group in the transaction of a dry run, from savepoint to savepoint. Used by one thread. */
final class TableDryRun {
    private static final String STAYS = "its row is newer, or is never changed";
    private static final String BEGIN = "savepoint dry_run";
    private static final String KEEP = "release savepoint dry_run";
    /** For so many records it is found out which value is at fault, if PostgreSQL does not say so. */
    private static final int MAX_PATH_TRIALS = 5;

    private static final String UNDO = "rollback to savepoint dry_run; release savepoint dry_run";

    private final DryRun dryRun;
    private final UpsertSink sink;
    private final Connection connection;
    private final Table table;
    private final Table.Trial trial;
    private final List<Message> rejected = new ArrayList<>();
    private int pathTrials;

    TableDryRun(DryRun dryRun, UpsertSink sink, Connection connection) {
        this.dryRun = dryRun;
        this.sink = sink;
        this.connection = connection;
        table = sink.table();
        trial = table.trial(connection);
    }

    /** Tries all that are pending; what is wrong with the templates or the table pauses the collection. */
    void write(Group group) throws SQLException {
        List<Message> pending = group.pending();
        if (pending.isEmpty()) {
            return;
        }
        SQLException refusal = attempt(trial::describe);
        String problem = refusal == null ? sink.pathProblem() : Failures.describe(refusal);
        if (problem != null) {
            dryRun.pause(group, problem);
            return;
        }
        // without it, what the templates say has to do
        attempt(() -> trial.lookUpRows(pending.get(0).format()));
        List<Message> changes = withVersions(group);
        Departures departures = Departures.of(changes, table);
        for (List<Message> round : Group.rounds(departures.with(changes))) {
            for (Message record : round) {
                write(record);
            }
        }
        departures.settle();
    }

    private List<Message> withVersions(Group group) {
        for (Message message : group.pending()) {
            try {
                table.checkVersion(message);
                table.identify(message);
            } catch (MalformedRecordException e) {
                Blame.reject(message, e);
            }
        }
        return group.pending();
    }

    /** Tries the newest version of a record; for each that is rejected, the next older one. */
    private void write(Message newest) throws SQLException {
        if (newest.isForsaken()) {
            Blame.reject(newest, OpenDeadLetters.failure("a dead letter"));
            return;
        }
        boolean isWritten = false;
        for (Message record = newest; record != null && !isWritten; record = record.older()) {
            if (record.isPending()) {
                isWritten = tryAlone(record);
            }
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
            String before = trial.row(record);
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

    /** Writes it, and tells what it has done; {@code before} is the version of its row, empty or null if not known. */
    private void write(Message record, String before, long millis) throws SQLException {
        Table.Written written = trial.write(record, millis);
        boolean isUnknown = before != null && written.rows() != null && written.rows() < 0;
        String after = isUnknown ? trial.row(record) : null;
        // what a trigger leaves changed, or what is deferred to the commit, is this record's fault
        SessionSettings.check(connection);
        note(record, written, before, after);
    }

    private void reject(Message record, SQLException failure) throws SQLException {
        if (failure instanceof RecordFaultException fault) {
            Blame.reject(record, (SQLException) fault.getCause());
        } else {
            String place = table.placeOf(record, new WriteException(WriteException.Step.EXECUTE, failure));
            Blame.reject(record, failure, place == null ? findPlace(record, failure) : place);
        }
        if (!rejected.contains(record)) {
            rejected.add(record);
        }
    }

    private String findPlace(Message record, SQLException failure) throws SQLException {
        // what is not in the message, or depends on other rows, is no value's fault
        boolean isWorthIt = !record.lacksValues() && pathTrials++ < MAX_PATH_TRIALS && dryRun.millisLeft() > 0;
        return isWorthIt
                ? new PathTrial(trial, this::attemptInVain).placeOf(record, failure, dryRun.millisLeft())
                : null;
    }

    private void note(Message record, Table.Written written, String before, String after) {
        if (written.rows() == null) {
            dryRun.note(record, Effect.IGNORED, "a newer version has been written before");
        } else if (written.rows() == 0) {
            boolean needsRow = written.kind() == Kind.DELETE || written.kind() == Kind.UPDATE;
            dryRun.note(record, Effect.IGNORED, needsRow ? "there is no such row, or it is newer" : STAYS);
        } else if (after != null && after.equals(before)) {
            dryRun.note(record, Effect.IGNORED, STAYS);
        } else {
            dryRun.note(record, effect(record, written, before), null);
        }
    }

    private static Effect effect(Message record, Table.Written written, String before) {
        if (record.isDeleted() || written.kind() == Kind.DELETE) {
            return Effect.DELETED;
        } else if (before != null) {
            return before.isEmpty() ? Effect.INSERTED : Effect.UPDATED;
        } else if (written.rows() < 0) {
            return Effect.WRITTEN;
        }
        return switch (written.kind()) {
            case INSERT -> Effect.INSERTED;
            case UPDATE -> Effect.UPDATED;
            default -> Effect.WRITTEN;
        };
    }

    /** Does something and undoes it; returns why it cannot be done, or null. */
    private SQLException attemptInVain(PathTrial.Step step) throws SQLException {
        execute("savepoint in_vain");
        SQLException failure = attempt(() -> {
            step.run();
            SessionSettings.check(connection);
        });
        execute("rollback to savepoint in_vain; release savepoint in_vain");
        return failure;
    }

    /** Does something, or nothing of it; returns why it cannot be done, or null. */
    private SQLException attempt(PathTrial.Step step) throws SQLException {
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
