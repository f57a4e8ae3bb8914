package io.github.sequinroutes.assembly;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.DatabaseAccess;
import io.github.sequinroutes.deadletter.DeadLetters;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.poll.DeadLetterPace;
import io.github.sequinroutes.poll.Gate;
import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.sequin.Acknowledger;
import io.github.sequinroutes.sequin.ResponseReader;
import io.github.sequinroutes.sequin.SequinHttpClient;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.Dispatch;
import io.github.sequinroutes.write.TransactionPolicy;
import io.github.sequinroutes.write.WriteLimit;
import io.github.sequinroutes.write.WriteSupport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.Registry;

/** The parts of a bundle, made from its configuration, and the names by which its routes find them. */
final class BundleBeans {
    private final BundleConfig config;
    private final CollectionFiles files;
    private final Database database;
    private final Collections collections;
    private final Gate gate = new Gate();
    private final Acknowledger acks;
    private final Workers workers;
    private final Map<String, Object> byName = new LinkedHashMap<>();

    /** The parts of a bundle; the template is asked for when messages are acked. */
    BundleBeans(BundleConfig config, DatabaseAccess access, Mode mode, Callable<ProducerTemplate> template) {
        this.config = config;
        files = new CollectionFiles(config.name(), mode == Mode.CHECK);
        database = new Database(access.dataSource(), access.transactions(), config.get(Keys.MIGRATE));
        collections = new Collections(files, config.get(Keys.ACK_WAIT), Set.copyOf(config.get(Keys.IGNORE)));
        acks = new Acknowledger(template, config.name());
        Worker.Pace pace = new Worker.Pace(
                config.get(Keys.BATCH_SIZE),
                config.get(Keys.WAIT_FOR),
                config.isContinuous(),
                new DeadLetterPace(config.get(Keys.DEAD_LETTERS_PER_SECOND)),
                collections::haveUnacked,
                this::prepare);
        workers = new Workers(config.name(), config.get(Keys.WORKERS), pace, config.get(Keys.SCHEDULE), gate);
        name(access, mode);
    }

    private boolean prepare(boolean needsProbe) throws Exception {
        if (needsProbe) {
            database.prepare();
        }
        files.reloadChanged(); // also when no message comes: health shall know that a file is fixed
        List<String> returnable = collections.returnable(config.get(Keys.BATCH_SIZE));
        acks.giveBack(returnable);
        return !returnable.isEmpty();
    }

    private void name(DatabaseAccess access, Mode mode) {
        long writeMillis = Lease.writeMillis(config.get(Keys.ACK_WAIT));
        FailurePolicy policy =
                new FailurePolicy(config.get(Keys.RETRY), config.get(Keys.STOP), config.get(Keys.REJECT));
        WriteLimit limit = new WriteLimit(config.get(Keys.WRITERS));
        put("postgres", access.dataSource());
        put("responses", new ResponseReader(config.get(Keys.ACK_WAIT)));
        put("transaction", new TransactionPolicy(access.transactions(), limit, writeMillis));
        put(
                "writeSupport",
                new WriteSupport(
                        access.transactions(),
                        limit,
                        database,
                        policy,
                        collections,
                        config.get(Keys.MAX_RECORD_SIZE),
                        config.get(Keys.LEAVES_TIMED_OUT_UNACKED)));
        put("collections", collections);
        put("dispatch", new Dispatch(collections, database));
        put("acks", acks);
        put("deadLetters", new DeadLetters(config.get(Keys.CONSUMER)));
        // a server may keep a request open for wait-for; then it must respond, while there is time to write
        put("receiveClient", client(Duration.ofMillis(writeMillis + config.get(Keys.WAIT_FOR))));
        put("ackClient", client(Duration.ofMillis(writeMillis)));
        if (mode.isPolling()) {
            byName.putAll(workers.byName());
        }
    }

    private void put(String part, Object bean) {
        byName.put(config.nameOf(part), bean);
    }

    private HttpClientConfigurer client(Duration timeout) {
        return CompositeHttpConfigurer.combineConfigurers(new SequinHttpClient(config.token(), timeout), gate);
    }

    /**
     * Binds each by its name.
     *
     * @throws IllegalStateException if there is a bundle of this name already
     */
    void bind(Registry registry) {
        if (registry.lookupByName(config.nameOf("collections")) != null) {
            throw new IllegalStateException("There is a bundle named " + config.name()
                    + " in this context already; give one of them another name");
        }
        byName.forEach(registry::bind);
    }

    void unbind(Registry registry) {
        byName.keySet().forEach(registry::unbind);
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

    Workers workers() {
        return workers;
    }

    Gate gate() {
        return gate;
    }
}
