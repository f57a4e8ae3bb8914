package io.github.sequinroutes.assembly;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.DatabaseAccess;
import io.github.sequinroutes.deadletter.DeadLetters;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.poll.DeadLetterPace;
import io.github.sequinroutes.poll.HeldBack;
import io.github.sequinroutes.poll.Outages;
import io.github.sequinroutes.poll.Pace;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.template.Way;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.Dispatch;
import io.github.sequinroutes.write.DryRun;
import io.github.sequinroutes.write.SharedTransactions;
import io.github.sequinroutes.write.TransactionPolicy;
import io.github.sequinroutes.write.WriteLimit;
import io.github.sequinroutes.write.WriteSupport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.camel.ProducerTemplate;

/** The parts of a bundle, made from its configuration, and the names by which its routes find them. */
final class BundleBeans {
    private final BundleConfig config;
    private final CollectionFiles files;
    private final Database database;
    private final Collections collections;
    private final ServerBeans server;
    private final DeadLetterPace deadLetterPace;
    private final Outages outages;
    private final Workers workers;
    private DryRun dryRun;
    private final StartCheck startCheck;

    /** The parts of a bundle; the template is asked for when messages are acked. */
    BundleBeans(BundleConfig config, DatabaseAccess access, Mode mode, Callable<ProducerTemplate> template) {
        this.config = config;
        files = new CollectionFiles(config.name(), mode == Mode.CHECK);
        database = new Database(access.dataSource(), access.transactions(), config.get(Keys.MIGRATE));
        collections = new Collections(files, config.get(Keys.ACK_WAIT), Set.copyOf(config.get(Keys.IGNORE)));
        if (!config.isUnnamed()) {
            collections.outcomes().nameBundle(config.name());
        }
        startCheck = new StartCheck(access.transactions(), collections, config.get(Keys.CHECK_PAUSES));
        server = new ServerBeans(config, template);
        deadLetterPace = new DeadLetterPace(config.get(Keys.DEAD_LETTERS_PER_SECOND));
        String title = config.isUnnamed() ? "" : config.name();
        outages = new Outages(title);
        Pace pace = new Pace(
                server.api(),
                server.sizes(),
                config.get(Keys.WAIT_FOR),
                config.isContinuous(),
                deadLetterPace,
                collections::haveUnacked,
                this::prepare,
                server.advice(),
                outages,
                server.ackFailures(),
                new HeldBack(title, config.get(Keys.ACK_WAIT)));
        workers = new Workers(config.name(), config.get(Keys.WORKERS), pace, config.get(Keys.SCHEDULE), server.gate());
        name(access, mode, template);
    }

    private boolean prepare(boolean needsProbe) throws Exception {
        if (needsProbe) {
            server.gate().await(database::prepare);
        }
        startCheck.run();
        List<String> returnable = collections.returnable(config.get(Keys.BATCH_SIZE));
        server.acks().giveBack(returnable);
        return !returnable.isEmpty();
    }

    private void name(DatabaseAccess access, Mode mode, Callable<ProducerTemplate> template) {
        long writeMillis = Lease.writeMillis(config.get(Keys.ACK_WAIT));
        FailurePolicy policy =
                new FailurePolicy(config.get(Keys.RETRY), config.get(Keys.STOP), config.get(Keys.REJECT));
        PlanCheck planCheck = new PlanCheck(
                access.probes(), server.api().format(), config.get(Keys.CHECK_PAUSES), PlanCheck.TIMEOUT_MILLIS);
        files.checkWith(planCheck);
        collections.whenAdded(sink -> startCheck.checkFirst(sink, planCheck::isUnchecked));
        WriteLimit limit = new WriteLimit(config.get(Keys.WRITERS));
        server.put("postgres", access.dataSource());
        server.put("transaction", new TransactionPolicy(access.transactions(), limit, writeMillis));
        server.put(
                "writeSupport",
                new WriteSupport(
                        server.api().format(),
                        access.transactions(),
                        limit,
                        database,
                        policy,
                        collections,
                        new OpenDeadLetters(config.get(Keys.CONSUMER)),
                        Way.best(config.get(Keys.SETS)),
                        config.get(Keys.MAX_RECORD_SIZE),
                        config.get(Keys.LEAVES_TIMED_OUT_UNACKED)));
        server.put("collections", collections);
        Dispatch dispatch = new Dispatch(
                collections, database, new SharedTransactions(access.transactions(), limit, database), template);
        server.put("dispatch", dispatch);
        dryRun = new DryRun(access.transactions(), database, dispatch, collections, policy);
        server.put("deadLetters", new DeadLetters(config.get(Keys.CONSUMER)));
        if (mode.isPolling()) {
            server.putAll(workers.byName());
        }
    }

    void checkTemplates() {
        startCheck.run();
    }

    /** What asks the server, and the names of all. */
    ServerBeans server() {
        return server;
    }

    CollectionFiles files() {
        return files;
    }

    Database database() {
        return database;
    }

    Collections collections() {
        return collections;
    }

    /** Where what fails is told. */
    Outages outages() {
        return outages;
    }

    DeadLetterPace deadLetterPace() {
        return deadLetterPace;
    }

    Workers workers() {
        return workers;
    }

    /** Tells what would become of a batch; the templates are checked first. */
    DryRun dryRun() {
        startCheck.judge();
        return dryRun;
    }
}
