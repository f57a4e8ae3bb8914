package io.github.sequinroutes.assembly;

import io.github.sequinroutes.check.CheckedCollection;
import io.github.sequinroutes.check.TemplateChecks;
import io.github.sequinroutes.collection.ChangeCheck;
import io.github.sequinroutes.collection.PlacedText;
import io.github.sequinroutes.collection.SinkTemplates;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateException;
import io.github.sequinroutes.template.TemplateRefusedException;
import io.github.sequinroutes.template.TemplateStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the templates of a changed file as they are checked at start, and writes nothing. Thread-safe. */
final class PlanCheck implements ChangeCheck {
    private static final Logger LOG = LoggerFactory.getLogger(PlanCheck.class);
    /** To check a template takes some milliseconds, unless its table is locked. */
    static final long TIMEOUT_MILLIS = 2_000;

    private final Transactions transactions;
    private final MessageFormat format;
    private final boolean refuses;
    private final long timeoutMillis;
    /** Those that are used all the same. */
    private final Set<Template> unchecked = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /**
     * Of templates for one database.
     *
     * @param dataSource    one that does not wait for long
     * @param format        how the API lays out its messages
     * @param refuses       whether every error keeps a file from being loaded, or only what can never be written
     * @param timeoutMillis how long each step may take
     */
    PlanCheck(DataSource dataSource, MessageFormat format, boolean refuses, long timeoutMillis) {
        transactions = new Transactions(dataSource);
        this.format = format;
        this.refuses = refuses;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public List<Problem> problems(List<SinkTemplates> sinks) {
        List<Problem> problems = new ArrayList<>();
        Set<String> wrong = new HashSet<>();
        List<Template> templates =
                sinks.stream().flatMap(sink -> sink.all().stream()).toList();
        try {
            transactions.tryOut(
                    timeoutMillis, connection -> TemplateChecks.check(connection, checked(sinks), problems::addAll));
            unchecked.removeAll(templates);
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "The templates of a changed file are used unchecked, since the database could not check {}: {}",
                    templates.get(0).file(),
                    Failures.describe(e));
            unchecked.addAll(templates);
        }
        problems.stream().filter(problem -> !problem.isWarning()).forEach(problem -> wrong.add(problem.file()));
        for (Template template : templates) {
            String astray = astray(template);
            if (astray != null && !wrong.contains(template.file())) {
                problems.add(PlacedText.read(astray, template.file()));
            } else if (!refuses && wrong.contains(template.file()) && astray == null && !isRefused(template)) {
                problems.replaceAll(problem -> problem.file().equals(template.file()) ? warning(problem) : problem);
            }
        }
        return problems.stream().distinct().sorted().toList();
    }

    private List<CheckedCollection> checked(List<SinkTemplates> sinks) {
        return sinks.stream()
                .map(sink -> new CheckedCollection(
                        sink.upsert().file(),
                        sink.upsert(),
                        sink.delete(),
                        sink.ledger(),
                        sink.hasSteps(),
                        format,
                        writers(sink, sinks)))
                .toList();
    }

    /** The collections that are written with the template of a sink. */
    private static Set<String> writers(SinkTemplates sink, List<SinkTemplates> sinks) {
        return sinks.stream()
                .filter(one -> one.collection() != null
                        && one.upsert().file().equals(sink.upsert().file()))
                .map(SinkTemplates::collection)
                .collect(Collectors.toSet());
    }

    /** Why none of its messages could be written, whatever steps its route has; or null. */
    private String astray(Template template) {
        try {
            template.requireRoots(format.roots());
            return null;
        } catch (TemplateException e) {
            return e.getMessage();
        }
    }

    private boolean isRefused(Template template) {
        TemplateStatement statement = new TemplateStatement(template, Integer.MAX_VALUE);
        try {
            transactions.tryOut(timeoutMillis, statement::plan);
            return false;
        } catch (SQLException | RuntimeException e) {
            return e instanceof TemplateRefusedException;
        }
    }

    private static Problem warning(Problem problem) {
        return new Problem(problem.file(), problem.line(), problem.column(), true, problem.text());
    }

    /** Whether a template is used though it could not be checked. */
    boolean isUnchecked(Template template) {
        return unchecked.contains(template);
    }
}
