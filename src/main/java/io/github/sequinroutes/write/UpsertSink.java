package io.github.sequinroutes.write;

import io.github.sequinroutes.check.CheckedCollection;
import io.github.sequinroutes.failure.RelativePath;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateException;
import io.github.sequinroutes.template.TemplateStatement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.support.ResourceHelper;

/** Writes the messages of a collection with the user's templates. One for each collection's route; thread-safe. */
public final class UpsertSink implements CamelContextAware {
    private final References references = new References();
    private CamelContext camelContext;
    private WriteSupport support;
    private String upsertUri;
    private String deleteUri;
    private Template upsert;
    private Template delete;
    private boolean ledger;
    private boolean hasSteps;
    private volatile Table table;
    private volatile String pathProblem;
    private volatile Supplier<String> check = () -> null;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** What it shares with the sinks of other collections. */
    public void setSupport(WriteSupport support) throws IOException {
        this.support = support;
        support.collections().add(this);
        readTemplates();
    }

    /**
     * Reads the upsert template.
     *
     * @param uri where it is, e.g. {@code file:routes/collections/stripe-customer.upsert.sql}
     * @throws TemplateException if it is not a template
     */
    public void setUpsert(String uri) throws IOException {
        upsertUri = uri;
        readTemplates();
    }

    /** Reads the delete template, which makes deletes hard; a URI that ends with a slash means that there is none. */
    public void setDelete(String uri) throws IOException {
        deleteUri = uri.endsWith("/") ? null : uri;
        readTemplates();
    }

    /** Who keeps old versions out: the template's own where clause ({@code template}) or the bundle ({@code ledger}). */
    public void setGuard(String guard) {
        if (!List.of("template", "ledger").contains(guard)) {
            throw new IllegalArgumentException("guard must be template or ledger, not '" + guard + "'");
        }
        ledger = guard.equals("ledger");
    }

    /** Once it is known who may have read them; its properties come in any order. */
    private void readTemplates() throws IOException {
        if (support != null && upsert == null && upsertUri != null) {
            upsert = template(upsertUri);
        }
        if (support != null && delete == null && deleteUri != null) {
            delete = template(deleteUri);
        }
    }

    private Template template(String uri) throws IOException {
        Template checked = support.collections().template(uri);
        if (checked != null) {
            return checked;
        }
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(camelContext, uri)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Template(RelativePath.of(uri.substring(uri.indexOf(':') + 1)), text);
        }
    }

    /** Why a path of its templates leads nowhere in the messages of the bundle's API, or null. */
    private String pathProblem() {
        try {
            upsert.requireRoots(support.format().roots());
            if (delete != null) {
                delete.requireRoots(support.format().roots());
            }
            return null;
        } catch (TemplateException e) {
            return e.getMessage();
        }
    }

    /** Notes that steps of its route may have added fields to the records. */
    public void setHasSteps(boolean hasSteps) {
        this.hasSteps = hasSteps;
    }

    /** Its templates, to be checked. */
    public CheckedCollection checked() {
        String file = upsert.file();
        String name = file.substring(file.lastIndexOf('/') + 1);
        return new CheckedCollection(
                name,
                upsert,
                delete,
                ledger,
                hasSteps,
                support.format(),
                support.collections().writersOf(upsert));
    }

    /** Pauses its collection as long as this says what is wrong; asked again whenever it is tried again. */
    public void pauseWhile(Supplier<String> problem) {
        check = problem;
    }

    private String problem() {
        String problem = pathProblem == null ? check.get() : pathProblem;
        if (problem == null) {
            check = () -> null;
        }
        return problem;
    }

    /** The statements of its templates. */
    public List<TemplateStatement> templates() {
        return table().templates().all();
    }

    Table table() {
        Table known = table;
        if (known == null) {
            int size = support.maxRecordSize();
            known = new Table(
                    support,
                    new TemplateStatement(upsert, size),
                    delete == null ? null : TemplateStatement.ofDeletions(delete, size),
                    ledger);
            pathProblem = pathProblem();
            table = known;
        }
        return known;
    }

    FailureClassifier classifier() {
        return new FailureClassifier(support.policy(), support.database());
    }

    References references() {
        return references;
    }

    /** Notes that records have been written in a transaction of several collections, and how long that took. */
    void wrote(CollectionState state, List<Message> records, List<Message> upserted, long nanos) {
        records.forEach(Message::written);
        state.wrote(records.size(), nanos);
        state.lostConnections().wrote(records.size());
        if (!upserted.isEmpty()) {
            references.remember(upserted.get(0));
            state.taken();
        }
        support.collections().listener().wrote(state.name(), nanos);
    }

    /**
     * Writes the pending messages of a group, or if there are none, retries the rejected ones.
     *
     * @throws io.github.sequinroutes.failure.DatabaseAwayException if the database does not answer
     */
    public void write(Group group) {
        group.forEach(message -> message.markTried(this));
        CollectionState state = support.collections().state(group);
        table();
        String problem = problem();
        DryRun dryRun = support.collections().dryRun();
        if (dryRun != null && problem != null) {
            dryRun.pause(group, problem);
            return;
        } else if (dryRun != null) {
            dryRun.write(this, group);
            return;
        }
        if (problem != null) {
            state.keep(group.leaveUnacked());
            state.pause(problem, false);
            return;
        }
        SharedTransaction shared = SharedTransactions.current();
        if (shared != null) {
            shared.write(this, state, group);
            return;
        }
        if (!state.enter()) {
            state.keep(group.leaveUnacked()); // another worker is writing it
            return;
        }
        long begin = System.nanoTime();
        try {
            boolean othersAreActive = support.collections().othersAreActive(state);
            GroupWriter writer = new GroupWriter(this, state, group, support.leaveSuspectsUnacked(), othersAreActive);
            if (group.pending().isEmpty()) {
                writer.retry();
            } else {
                writer.write();
            }
        } finally {
            support.collections().listener().wrote(state.name(), System.nanoTime() - begin);
            state.leave();
        }
    }
}
