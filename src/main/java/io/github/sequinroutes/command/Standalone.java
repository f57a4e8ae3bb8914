package io.github.sequinroutes.command;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.bundle.CollectionFiles;
import io.github.sequinroutes.durable.Database;
import io.github.sequinroutes.durable.DeadLetters;
import io.github.sequinroutes.durable.Ledger;
import io.github.sequinroutes.durable.Transaction;
import io.github.sequinroutes.durable.Turns;
import io.github.sequinroutes.judge.FailureIs;
import io.github.sequinroutes.judge.FailurePolicy;
import io.github.sequinroutes.judge.Kind;
import io.github.sequinroutes.poll.AbandonedAnswers;
import io.github.sequinroutes.poll.BearerToken;
import io.github.sequinroutes.poll.Collections;
import io.github.sequinroutes.poll.Tally;
import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.read.Answers;
import io.github.sequinroutes.read.Lease;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** The bundle in a process of its own: Camel Main with the routes, the beans they name and the database's pool. */
public final class Standalone implements AutoCloseable {
    private final Main main = new Main();
    private final HikariDataSource dataSource;
    private final Database database;
    private final Settings settings;
    private final Workers workers;
    private final CollectionFiles files;
    private Metrics metrics;

    /** Puts the bundle together; {@code polling} says whether it shall poll, or only have its routes. */
    public Standalone(Settings settings, boolean polling) {
        this(settings, polling, new CollectionFiles(false));
    }

    /** The same, with the files of its collections. */
    Standalone(Settings settings, boolean polling, CollectionFiles files) {
        this.settings = settings;
        this.files = files;
        dataSource = new HikariDataSource(pool(settings));
        database = new Database(dataSource, settings.get("sequin.migrate").equals("true"));
        bindBeans(settings);
        configure(settings);
        if (!polling) {
            // nobody asks after a command that ends by itself, and the port may be the running process's
            main.addOverrideProperty("camel.management.enabled", "false");
            main.addOverrideProperty("sequin.purging", "false");
            workers = null;
        } else {
            workers = workers(settings);
            main.configure().addRoutesBuilder(workers);
        }
    }

    /**
     * Starts the routes. What is wrong with the files of a collection pauses that collection.
     *
     * @throws Exception if a route of the bundle is wrong
     */
    public Standalone start() throws Exception {
        main.start();
        // each by itself, and all before a worker has a message of them
        files.load(context(), settings.routes() + "/collections");
        if (workers != null) {
            workers.start(context());
        }
        metrics.publish(context());
        return this;
    }

    /** The Camel context, once started. */
    public CamelContext context() {
        return main.getCamelContext();
    }

    /** The pool of connections to the user's database. */
    public HikariDataSource dataSource() {
        return dataSource;
    }

    /** The user's database. */
    public Database database() {
        return database;
    }

    private static Workers workers(Settings settings) {
        String schedule = settings.get("sequin.schedule");
        Worker.Pace pace = new Worker.Pace(
                settings.number("sequin.batch-size"),
                settings.millis("sequin.wait-for"),
                schedule.equals("continuous"),
                settings.number("sequin.dead-letters-per-second"));
        return new Workers(settings.number("sequin.workers"), pace, schedule);
    }

    private static long stalledMillis(Settings settings) {
        // an answer comes at least once in a long poll, and after a write that takes its whole lease
        boolean continuous = settings.get("sequin.schedule").equals("continuous");
        return continuous ? 2 * (settings.millis("sequin.wait-for") + settings.millis("sequin.ack-wait")) + 30_000 : 0;
    }

    private void bindBeans(Settings settings) {
        FailurePolicy policy = new FailurePolicy(
                settings.list("sequin.failures.retry"),
                settings.list("sequin.failures.stop"),
                settings.list("sequin.failures.reject"));
        main.bind("answers", new Answers(settings.millis("sequin.ack-wait")));
        main.bind("ledger", new Ledger());
        main.bind("transaction", new Turns(settings.number("sequin.writers"), new Transaction(dataSource)));
        Tally tally = new Tally();
        Collections collections = new Collections(files);
        main.bind("collectionFiles", files);
        main.bind("tally", tally);
        metrics = new Metrics(tally, collections);
        main.bind("health", new Health(main, database, collections, stalledMillis(settings)));
        main.bind("postgres", dataSource);
        main.bind("database", database);
        main.bind(
                "bearer",
                CompositeHttpConfigurer.combineConfigurers(new BearerToken(settings.token()), new AbandonedAnswers()));
        main.bind("collections", collections);
        main.bind("deadLetters", new DeadLetters(settings.get("sequin.consumer")));
        main.bind("recordAtFault", new FailureIs(policy, Kind.REJECT));
        main.bind("collectionAtFault", new FailureIs(policy, Kind.STOP));
    }

    private void configure(Settings settings) {
        String routes = settings.routes();
        // Settings has read the file, the environment and -D, and made of them what the routes shall see
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addInitialProperty("camel.component.properties.environmentVariableMode", "0");
        main.addInitialProperty("camel.component.properties.systemPropertiesMode", "0");
        // who starts this decides when it stops
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.configure().withRoutesIncludePattern(routes + "/*.camel.yaml").withShutdownTimeout(45);
        main.addOverrideProperty("sequin.url", settings.get("sequin.url"));
        main.addOverrideProperty("sequin.consumer", settings.get("sequin.consumer"));
        main.addOverrideProperty("sequin.routes", routes);
        main.addOverrideProperty("sequin.max-record-size", settings.get("sequin.max-record-size"));
        main.addOverrideProperty("sequin.ledger-purge", settings.get("sequin.ledger-purge"));
        main.addOverrideProperty("sequin.ledger-retention", Long.toString(settings.millis("sequin.ledger-retention")));
        // a server may hold a request as long as it was asked to; then it must answer, while there is time to write
        long answerMillis = Lease.writeMillis(settings.millis("sequin.ack-wait"));
        main.addOverrideProperty("sequin.ack-timeout", Long.toString(answerMillis));
        main.addOverrideProperty(
                "sequin.response-timeout", Long.toString(settings.millis("sequin.wait-for") + answerMillis));
        main.addInitialProperty("camel.main.name", "sequin-postgres-routes");
        main.addInitialProperty("camel.component.quartz.enableJmx", "false");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", "9876");
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.metrics.enabled", "true");
        // a thread for each worker, which keeps it, and one for the purge
        main.addInitialProperty(
                "camel.component.quartz.properties[org.quartz.threadPool.threadCount]",
                Integer.toString(settings.number("sequin.workers") + 1));
        settings.others().forEach((key, value) -> main.addOverrideProperty((String) key, (String) value));
    }

    private static HikariConfig pool(Settings settings) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("postgres");
        pool.setJdbcUrl(settings.get("postgres.url"));
        pool.setUsername(settings.get("postgres.user"));
        pool.setPassword(settings.get("postgres.password"));
        // one for each that writes, for health, and for whoever asks whether the database answers
        pool.setMaximumPoolSize(Math.min(settings.number("sequin.workers"), settings.number("sequin.writers")) + 2);
        // else a first connection that breaks while the pool asks for its isolation level leaves a pool that never
        // works
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        // a database that is away at start is waited for like one that goes away later
        pool.setInitializationFailTimeout(-1);
        // a health check waits no longer either
        pool.setConnectionTimeout(5_000);
        pool.setValidationTimeout(2_500);
        pool.setExceptionOverride(new ReadOnlyOverride());
        long ackWait = settings.millis("sequin.ack-wait");
        // a timestamp without a zone means UTC, wherever the bundle runs; a write ends before its lease does
        pool.setConnectionInitSql("set time zone 'UTC'; set statement_timeout = " + Lease.writeMillis(ackWait)
                + "; set idle_in_transaction_session_timeout = " + ackWait);
        // the server ends a statement first, unless the network is gone
        pool.addDataSourceProperty("socketTimeout", Long.toString(Math.max(2, ackWait / 1000)));
        pool.addDataSourceProperty("connectTimeout", "5");
        pool.addDataSourceProperty("ApplicationName", "sequin-postgres-routes");
        pool.addDataSourceProperty("reWriteBatchedInserts", "true");
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        return pool;
    }

    @Override
    public void close() {
        main.stop();
        dataSource.close();
    }
}
