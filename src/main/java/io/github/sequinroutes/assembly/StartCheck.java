package io.github.sequinroutes.assembly;

import io.github.sequinroutes.check.CheckedCollection;
import io.github.sequinroutes.check.TemplateChecks;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.UpsertSink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the templates once the database answers, before the first message is fetched: what is wrong is logged, and pauses its
 * collection until it is mended. Thread-safe.
 */
final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);
    /** A table that somebody else has locked must not keep the others waiting. */
    private static final long TIMEOUT_MILLIS = 2_000;

    private static final long LOCK_MILLIS = 100;
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Transactions transactions;
    private final Collections collections;
    private final boolean pauses;
    private boolean isDone;
    /** Those that are paused, each with its first error. */
    private final Map<UpsertSink, String> paused = new WeakHashMap<>();

    private long checkedAt;

    /** Of these collections; {@code pauses} says whether an error does more than to be logged. */
    StartCheck(Transactions transactions, Collections collections, boolean pauses) {
        this.transactions = transactions;
        this.collections = collections;
        this.pauses = pauses;
        TemplateChecks.load();
    }

    /** Checks them, unless that is done; if the database does not answer, the next call tries again. */
    synchronized void run() {
        if (isDone) {
            checkAgain();
            return;
        }
        try {
            Collection<UpsertSink> sinks = collections.sinks();
            List<Problem> problems = check(sinks);
            problems.forEach(StartCheck::log);
            sinks.stream()
                    .filter(sink -> pauses && error(sink, problems) != null)
                    .forEach(sink -> pause(sink, error(sink, problems)));
            checkedAt = System.nanoTime();
            isDone = true;
        } catch (SQLException e) {
            isDone = Failures.isReportedByServer(e);
            LOG.warn("The templates could not be checked: {}", Failures.describe(e));
        }
    }

    /** Has each sink that a run would pause say why, for a dry run: nothing is logged, and no collection paused. */
    synchronized void judge() {
        try {
            Collection<UpsertSink> sinks = collections.sinks();
            List<Problem> problems = check(sinks);
            sinks.stream()
                    .filter(sink -> pauses && error(sink, problems) != null)
                    .forEach(sink -> sink.pauseWhile(() -> error(sink, problems)));
        } catch (SQLException e) {
            LOG.warn("The templates could not be checked: {}", Failures.describe(e));
        }
    }

    private void pause(UpsertSink sink, String error) {
        sink.pauseWhile(() -> problemOf(sink));
        collections.pause(sink, error);
        paused.put(sink, error);
    }

    /** A table may have been mended of which no message comes; one that does come has its templates checked itself. */
    private void checkAgain() {
        if (paused.isEmpty() || System.nanoTime() - checkedAt < AGAIN_NANOS) {
            return;
        }
        checkedAt = System.nanoTime();
        try {
            List<Problem> problems = check(paused.keySet(), LOCK_MILLIS);
            Map.copyOf(paused).forEach((sink, why) -> {
                if (error(sink, problems) == null) {
                    collections.resume(sink, why);
                    paused.remove(sink);
                }
            });
        } catch (SQLException e) {
            LOG.debug("The templates could not be checked again", e);
        }
    }

    private List<Problem> check(Collection<UpsertSink> sinks) throws SQLException {
        return check(sinks, LOCK_MILLIS);
    }

    private List<Problem> check(Collection<UpsertSink> sinks, long lockMillis) throws SQLException {
        List<CheckedCollection> checked =
                sinks.stream().map(UpsertSink::checked).toList();
        List<Problem> problems = new ArrayList<>();
        transactions.tryOut(
                TIMEOUT_MILLIS, lockMillis, connection -> problems.addAll(TemplateChecks.check(connection, checked)));
        return problems;
    }

    private static void log(Problem problem) {
        String text =
                Printable.line(problem.file() + ":" + problem.line() + ":" + problem.column() + ": " + problem.text());
        if (problem.isWarning()) {
            LOG.warn(text);
        } else {
            LOG.error(text);
        }
    }

    /** Has a sink checked before it writes, if its template was loaded unchecked since. */
    void checkFirst(UpsertSink sink, Predicate<Template> isUnchecked) {
        if (pauses) {
            sink.pauseWhile(() -> isUnchecked.test(sink.checked().upsert()) ? problemOf(sink) : null);
        }
    }

    /** The first error in the templates of a collection, or null. */
    private static String error(UpsertSink sink, List<Problem> problems) {
        CheckedCollection of = sink.checked();
        return problems.stream()
                .filter(problem -> !problem.isWarning())
                .filter(problem -> problem.file().equals(of.upsert().file())
                        || (of.delete() != null
                                && problem.file().equals(of.delete().file())))
                .findFirst()
                .map(problem -> Printable.line(problem.toString()))
                .orElse(null);
    }

    /** What is still wrong with a collection, or null; if nobody can tell, the writing will. */
    private String problemOf(UpsertSink sink) {
        try {
            return error(sink, check(List.of(sink)));
        } catch (SQLException e) {
            LOG.debug("The templates could not be checked again", e);
            return null;
        }
    }
}
