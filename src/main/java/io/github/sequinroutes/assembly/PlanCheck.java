package io.github.sequinroutes.assembly;

import io.github.sequinroutes.check.CheckedCollection;
import io.github.sequinroutes.check.TemplateChecks;
import io.github.sequinroutes.collection.ChangeCheck;
import io.github.sequinroutes.collection.SinkTemplates;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.failure.FailureKind;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateException;
import io.github.sequinroutes.template.TemplateStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the templates of a changed file against the live schema, and writes nothing. Thread-safe. */
final class PlanCheck implements ChangeCheck {
    private static final Logger LOG = LoggerFactory.getLogger(PlanCheck.class);
    private static final Pattern PLACED = Pattern.compile("(.*?):(\\d+):(\\d+): (.*)", Pattern.DOTALL);
    /** To plan a statement takes some milliseconds, unless its table is locked. */
    static final long TIMEOUT_MILLIS = 2_000;

    private final Transactions transactions;
    private final MessageFormat format;
    private final boolean isDeep;
    private final FailurePolicy policy;
    private final long timeoutMillis;

    /**
     * Of templates for one database.
     *
     * @param dataSource one that does not wait for long
     * @param format     how the API lays out its messages
     * @param isDeep     whether it looks for more than what PostgreSQL refuses
     * @param timeoutMillis how long each step may take
     */
    PlanCheck(DataSource dataSource, MessageFormat format, boolean isDeep, FailurePolicy policy, long timeoutMillis) {
        transactions = new Transactions(dataSource);
        this.format = format;
        this.isDeep = isDeep;
        this.policy = policy;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public List<Problem> problems(List<SinkTemplates> sinks) {
        List<Problem> problems = new ArrayList<>();
        for (SinkTemplates sink : sinks) {
            for (Template template : sink.all()) {
                try {
                    template.requireRoots(format.roots());
                    TemplateStatement statement = new TemplateStatement(template, Integer.MAX_VALUE);
                    transactions.tryOut(timeoutMillis, statement::plan);
                } catch (TemplateException e) {
                    problems.add(problem(template, e.getMessage()));
                } catch (SQLException | RuntimeException e) {
                    if (!Failures.isReportedByServer(e) || policy.of(e) == FailureKind.RETRY) {
                        LOG.warn(
                                "The templates of a changed file are used unchecked, since the database could not plan {}: {}",
                                template.file(),
                                Failures.describe(e));
                        return problems; // nor can it plan the others
                    }
                    problems.add(problem(template, Failures.describe(e)));
                }
            }
        }
        if (problems.isEmpty() && isDeep) {
            check(sinks, problems);
        }
        return problems;
    }

    /** What PostgreSQL accepts and yet is wrong. A route may have steps that add what a template looks for. */
    private void check(List<SinkTemplates> sinks, List<Problem> problems) {
        List<CheckedCollection> collections = sinks.stream()
                .map(sink -> new CheckedCollection(
                        sink.upsert().file(), sink.upsert(), sink.delete(), sink.ledger(), true, format))
                .toList();
        try {
            transactions.tryOut(
                    timeoutMillis, connection -> problems.addAll(TemplateChecks.check(connection, collections)));
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Changed templates are used, though not all of them could be checked: {}", Failures.describe(e));
        }
    }

    private static Problem problem(Template template, String text) {
        Matcher placed = PLACED.matcher(text);
        return placed.matches()
                ? new Problem(
                        placed.group(1),
                        Integer.parseInt(placed.group(2)),
                        Integer.parseInt(placed.group(3)),
                        false,
                        placed.group(4))
                : new Problem(template.file(), 1, 1, false, text);
    }
}
