package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.failure.FailureKind;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateProbe.Variant;
import io.github.sequinroutes.write.WriteException.Step;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies a failed write by what is at fault: the database, the collection, the size of the batch or a record. The
 * SQLSTATE alone cannot tell, so it probes: does the database answer? Can the templates still be planned? Does the table
 * take a record at all? Thread-safe.
 */
final class FailureClassifier {
    private static final Logger LOG = LoggerFactory.getLogger(FailureClassifier.class);
    private static final long PROBE_MILLIS = 1_000;
    private static final long SHORT_PROBE_MILLIS = 250;
    /** What takes more than this part of the time that another took in vain, is not quick. */
    private static final int QUICK_SHARE = 4;

    /** The server does not know the driver's prepared statement, or knows another: a pooler is in between. And what follows. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("26000", "42P05", "08P01", "25P02");

    private static final Set<String> TIME_OUTS = Set.of("57014", "55P03");

    private static final String LOCKED = "55P03";
    /** Another server is away, or this one is short of a resource: never the fault of a record's content. */
    private static final Pattern ELSEWHERE = Pattern.compile("08...|53...|57P..|58...");

    private static final Set<String> COLLISIONS = Set.of("40001", "40P01");

    private final FailurePolicy policy;
    private final Database database;

    /** What is at fault, and so what has to wait or be left out. */
    enum Scope {
        /** The database does not answer: nothing can be written. */
        DATABASE,
        /** The template or the table is wrong, or the table is out of reach: no record of it can be written. */
        COLLECTION,
        /** A record: halving finds which. */
        RECORD,
        /** The batch took too long, or the connection broke: a smaller one may work. */
        BATCH
    }

    /** Whether the table takes a record, and if not, whether for the same reason as another. */
    enum ProbeResult {
        ACCEPTED,
        SAME_FAILURE,
        /** It is refused, but with another failure. */
        OTHER_FAILURE,
        UNKNOWN
    }

    FailureClassifier(FailurePolicy policy, Database database) {
        this.policy = policy;
        this.database = database;
    }

    /** What a failure is the fault of; {@code canBePlanned} probes the templates, and is called only if that decides. */
    Scope classify(WriteException failure, BooleanSupplier canBePlanned) {
        if (failure.step() == Step.CONNECT) {
            return Scope.DATABASE;
        }
        String state = Failures.sqlState(failure);
        FailureKind kind = policy.of(failure);
        boolean isReported = Failures.isReportedByServer(failure);
        if (state == null || isOfTheConnection(state) || kind == FailureKind.RETRY) {
            if (!database.answers()) {
                return Scope.DATABASE;
            }
            // before any record was sent: it is the table that does not answer
            boolean isOfTheTable = failure.step() == Step.DESCRIBE && isReported && !isOfTheConnection(state);
            return isOfTheTable ? Scope.COLLECTION : Scope.BATCH;
        }
        if (failure.step() == Step.DESCRIBE || (failure.step() == Step.LEDGER && kind == FailureKind.STOP)) {
            return Scope.COLLECTION;
        }
        return kind == FailureKind.REJECT || (isReported && canBePlanned.getAsBoolean())
                ? Scope.RECORD
                : Scope.COLLECTION;
    }

    private static boolean isOfTheConnection(String state) {
        return state != null && OF_THE_CONNECTION.contains(state);
    }

    /** Whether the server has rejected the record's content: no time-out, no lock, no broken connection. */
    boolean isRecordFault(WriteException failure) {
        return Failures.isReportedByServer(failure) && policy.of(failure) == FailureKind.REJECT;
    }

    /** Whether the server has ended it because it took too long, or waited too long for a lock. */
    static boolean isTimeOut(Exception failure) {
        return Failures.isReportedByServer(failure) && TIME_OUTS.contains(String.valueOf(Failures.sqlState(failure)));
    }

    /** Whether it met another transaction in a deadlock, or in what cannot be serialized. */
    static boolean isCollision(WriteException failure) {
        return COLLISIONS.contains(String.valueOf(Failures.sqlState(failure)));
    }

    /** Whether another transaction or another server caused it: then no record is at fault. */
    static boolean isCausedByOthers(WriteException failure) {
        String sqlState = String.valueOf(Failures.sqlState(failure));
        return isCollision(failure)
                || LOCKED.equals(sqlState)
                || ELSEWHERE.matcher(sqlState).matches();
    }

    /** Whether a statement took too long by itself: it waited neither for a lock nor for another server. */
    static boolean isSlow(WriteException failure) {
        return isTimeOut(failure) && !isCausedByOthers(failure);
    }

    /** Whether a failure may pass by itself, and is worth a retry soon. */
    boolean isTransient(WriteException failure) {
        return policy.of(failure) == FailureKind.RETRY;
    }

    /** Why the server cannot plan the templates; null if it can, or if the probe gave no result. */
    WriteException problemOfTemplates(Table table) {
        try {
            table.plan(PROBE_MILLIS);
            return null;
        } catch (WriteException e) {
            boolean isRefusal = e.step() != Step.CONNECT && Failures.isReportedByServer(e);
            return isRefusal && policy.of(e) != FailureKind.RETRY ? e : null;
        }
    }

    /** Why the table does not take a variant of a record, or null if it does. */
    WriteException refusalOf(Table table, Message record, Variant variant) {
        try {
            table.tryOut(record, variant, PROBE_MILLIS);
            return null;
        } catch (WriteException e) {
            return e;
        }
    }

    /** Whether the table quickly takes what its own rows hold, in the place of a record that took {@code nanos} in vain. */
    boolean takesStandIn(Table table, Message slow, long nanos) {
        long quick = TimeUnit.NANOSECONDS.toMillis(nanos) / QUICK_SHARE;
        long millis = Math.max(SHORT_PROBE_MILLIS, Math.min(quick, PROBE_MILLIS));
        try {
            for (String[] values : table.standIns(slow, millis)) {
                try {
                    if (table.takes(values, millis)) {
                        return true;
                    }
                } catch (WriteException e) {
                    if (!isRefusal(e)) {
                        throw e; // it is slow, or locked: another would only take time
                    }
                }
            }
        } catch (WriteException e) {
            LOG.debug("Nothing tells whether the table takes others", e);
        }
        return false;
    }

    /**
     * Compares the refusal of a probe with a failure.
     *
     * @param refusal why the table refused the probe, or null if it took it
     */
    ProbeResult compare(WriteException refusal, WriteException failure) {
        if (refusal == null) {
            return ProbeResult.ACCEPTED;
        }
        if (!isRefusal(refusal)) {
            return ProbeResult.UNKNOWN;
        }
        return isAlike(refusal, failure) ? ProbeResult.SAME_FAILURE : ProbeResult.OTHER_FAILURE;
    }

    /** Whether the server has processed the statement and refused it. */
    boolean isRefusal(Exception failure) {
        return Failures.isReportedByServer(failure) && policy.of(failure) != FailureKind.RETRY;
    }

    /** Whether the server says the same of both, as far as it does not quote the record. */
    private static boolean isAlike(WriteException one, WriteException other) {
        String state = String.valueOf(Failures.sqlState(one));
        return state.equals(Failures.sqlState(other))
                && (state.startsWith("22") || Failures.headline(one).equals(Failures.headline(other)));
    }
}
