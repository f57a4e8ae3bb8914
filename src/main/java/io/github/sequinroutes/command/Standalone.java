package io.github.sequinroutes.command;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.bundle.MachineRoutes;
import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.durable.Database;
import io.github.sequinroutes.durable.DeadLetters;
import io.github.sequinroutes.durable.Transactions;
import io.github.sequinroutes.judge.FailurePolicy;
import io.github.sequinroutes.poll.DeadLetterPace;
import io.github.sequinroutes.poll.Gate;
import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.read.Answers;
import io.github.sequinroutes.read.Lease;
import io.github.sequinroutes.sequin.Acknowledger;
import io.github.sequinroutes.sequin.SequinHttpClient;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.Dispatch;
import io.github.sequinroutes.write.TransactionPolicy;
import io.github.sequinroutes.write.WriteLimit;
import io.github.sequinroutes.write.WriteSupport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** The bundle in a process of its own: Camel Main with the routes, the beans they name and the database's pool. */
public final class Standalone implements AutoCloseable {
    /** With this begin the names of its beans, routes and endpoints. */
    private static final String NAME = "sequin";

    private final Main main = new Main();
    private final HikariDataSource dataSource;
    private final Database database;
    private final Settings settings;
    private final Workers workers;
    private final CollectionFiles files;
    private Collections collections;
    private Acknowledger acks;
    private final Gate gate = new Gate();
    private DatabaseMonitor monitor;

    /** Puts the bundle together; {@code polling} says whether it shall poll, or only have its routes. */
    public Standalone(Settings settings, boolean polling) {
        this(settings, polling, new CollectionFiles(false));
    }

    /** The same, with the files of its collections. */
    Standalone(Settings settings, boolean polling, CollectionFiles files) {
        this.settings = settings;
        this.files = files;
        dataSource = new HikariDataSource(pool(settings, timeouts(settings.millis("sequin.ack-wait"))));
        database = new Database(dataSource, settings.get("sequin.migrate").equals("true"));
        bindBeans(settings);
        configure(settings);
        main.configure()
                .addRoutesBuilder(new MachineRoutes(NAME, polling ? settings.get("sequin.ledger-purge") : null));
        if (!polling) {
            // nobody asks after a command that ends by itself, and the port may be the running process's
            main.addOverrideProperty("camel.management.enabled", "false");
            workers = null;
        } else {
            workers = workers(settings);
            main.configure().addRoutesBuilder(workers);
            monitor = new DatabaseMonitor(pool(settings, DatabaseMonitor.TIMEOUTS));
            main.bind("health", new Health(main, monitor, collections, settings));
            main.addMainListener(new HealthEndpoint());
        }
    }

    /**
     * Starts the routes. What is wrong with the files of a collection pauses that collection.
     *
     * @throws Exception if a route of the bundle is wrong
     */
    public Standalone start() throws Exception {
        if (workers == null) {
            // the pool would try again for some seconds, while somebody waits to see what is wrong
            new Database(dataSource.getDataSource(), false).requireSuitable();
        }
        main.start();
        // each by itself, and all before a worker has a message of them
        files.load(context(), settings.routes() + "/collections");
        if (workers != null) {
            // a worker looks before each request, which may be seconds away
            var unused = context()
                    .getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "collection-files")
                    .scheduleWithFixedDelay(files::reloadChanged, 1, 1, TimeUnit.SECONDS);
            workers.start(context());
        }
        new Metrics(collections).publish(context());
        gate.open();
        return this;
    }

    /** Lets no worker fetch messages any more. Returns whether there may be messages in flight. */
    boolean stopFetching() {
        return gate.close();
    }

    /** The Camel context, once started. */
    public CamelContext context() {
        return main.getCamelContext();
    }

    /** The pool of connections to the user's database. */
    public HikariDataSource dataSource() {
        return dataSource;
    }

    /** The collections that have a route. */
    public Collections collections() {
        return collections;
    }

    /** The user's database. */
    public Database database() {
        return database;
    }

    private Workers workers(Settings settings) {
        String schedule = settings.get("sequin.schedule");
        Worker.Pace pace = new Worker.Pace(
                settings.number("sequin.batch-size"),
                settings.millis("sequin.wait-for"),
                schedule.equals("continuous"),
                new DeadLetterPace(settings.number("sequin.dead-letters-per-second")),
                collections::areHolding,
                this::prepare);
        return new Workers(NAME, settings.number("sequin.workers"), pace, schedule, gate);
    }

    private void prepare(boolean needsProbe) throws Exception {
        if (needsProbe) {
            database.prepare();
        }
        files.reloadChanged(); // also when no message comes: health shall know that a file is fixed
        acks.giveBack(collections.returnable());
    }

    private void bindBeans(Settings settings) {
        FailurePolicy policy = new FailurePolicy(
                settings.list("sequin.failures.retry"),
                settings.list("sequin.failures.stop"),
                settings.list("sequin.failures.reject"));
        long ackWait = settings.millis("sequin.ack-wait");
        WriteLimit limit = new WriteLimit(settings.number("sequin.writers"));
        collections = new Collections(files, ackWait, Set.copyOf(settings.list("sequin.ignore")));
        acks = new Acknowledger(main::getCamelTemplate, NAME);
        bind("answers", new Answers(ackWait));
        bind("transaction", new TransactionPolicy(dataSource, limit, Lease.writeMillis(ackWait)));
        bind(
                "writeSupport",
                new WriteSupport(
                        new Transactions(dataSource),
                        limit,
                        database,
                        policy,
                        collections,
                        settings.number("sequin.max-record-size"),
                        settings.get("sequin.timed-out").equals("hold")));
        bind("collections", collections);
        bind("dispatch", new Dispatch(collections, database));
        bind("acks", acks);
        bind("postgres", dataSource);
        main.bind("postgres", dataSource); // for steps of the user's own
        bind("deadLetters", new DeadLetters(settings.get("sequin.consumer")));
        // a server may hold a request as long as it was asked to; then it must answer, while there is time to write
        Duration answer = Duration.ofMillis(Lease.writeMillis(ackWait));
        Duration wait = Duration.ofMillis(settings.millis("sequin.wait-for"));
        Supplier<String> token = settings.token();
        bind("receiveClient", client(token, answer.plus(wait)));
        bind("ackClient", client(token, answer));
    }

    private HttpClientConfigurer client(Supplier<String> token, Duration timeout) {
        return CompositeHttpConfigurer.combineConfigurers(new SequinHttpClient(token, timeout), gate);
    }

    private void bind(String name, Object bean) {
        main.bind(NAME + "-" + name, bean);
    }

    private void configure(Settings settings) {
        String routes = settings.routes();
        // Settings has read the file, the environment and -D, and made of them what the routes shall see
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addInitialProperty("camel.component.properties.environmentVariableMode", "0");
        main.addInitialProperty("camel.component.properties.systemPropertiesMode", "0");
        // who starts this decides when it stops
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.configure()
                .withRoutesIncludePattern(routes + "/*.camel.yaml," + routes + "/machine/*.camel.yaml")
                .withRoutesExcludePattern(String.join(
                        ",",
                        settings.misplacedFiles().stream()
                                .map(name -> "**/" + name)
                                .toList()))
                .withShutdownTimeout(Stop.DRAIN_SECONDS)
                .withAutoConfigurationEnvironmentVariablesEnabled(false)
                .withAutoConfigurationSystemPropertiesEnabled(false);
        main.addOverrideProperty("sequin.url", settings.get("sequin.url"));
        main.addOverrideProperty("sequin.consumer", settings.get("sequin.consumer"));
        main.addOverrideProperty("sequin.routes", routes);
        main.addOverrideProperty("sequin.ledger-retention", Long.toString(settings.millis("sequin.ledger-retention")));
        main.addInitialProperty("camel.main.name", "sequin-postgres-routes");
        main.addInitialProperty("camel.component.quartz.enableJmx", "false");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", "9876");
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        // a route that is replaced stands still for a moment, and of one that is wrong the bundle's own check tells
        // more
        main.addInitialProperty("camel.health.routesEnabled", "false");
        main.addInitialProperty("camel.health.consumersEnabled", "false");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.metrics.enabled", "true");
        // a thread for each worker, which keeps it, and one for the purge
        main.addInitialProperty(
                "camel.component.quartz.properties[org.quartz.threadPool.threadCount]",
                Integer.toString(settings.number("sequin.workers") + 1));
        settings.others().forEach((key, value) -> main.addOverrideProperty((String) key, (String) value));
    }

    private static HikariConfig pool(Settings settings, Map<String, String> timeouts) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("postgres");
        pool.setDataSource(new DriverDataSource(
                settings.get("postgres.url"),
                settings.get("postgres.user"),
                settings.get("postgres.password"),
                driverProperties(timeouts)));
        // one for each that writes, and for whoever asks: whether the database answers, or whose fault a failure is
        pool.setMaximumPoolSize(Math.min(settings.number("sequin.workers"), settings.number("sequin.writers")) + 2);
        // a database that is away at start is waited for like one that goes away later
        pool.setInitializationFailTimeout(-1);
        // a health check waits no longer either
        pool.setConnectionTimeout(5_000);
        pool.setValidationTimeout(2_500);
        pool.setExceptionOverride(new ReadOnlyOverride());
        return pool;
    }

    private static Map<String, String> timeouts(long ackWaitMillis) {
        // the server ends a statement first, unless the network is gone
        return Map.of("socketTimeout", Long.toString(Math.max(2, ackWaitMillis / 1000)), "connectTimeout", "5");
    }

    private static Map<String, String> driverProperties(Map<String, String> timeouts) {
        Map<String, String> properties = new HashMap<>(timeouts);
        properties.put("ApplicationName", "sequin-postgres-routes");
        properties.put("reWriteBatchedInserts", "true");
        properties.put("tcpKeepAlive", "true");
        // the driver would quote a failed batch, all of its records, and can fail at that while it reads an answer
        properties.put("logServerErrorDetail", "false");
        return properties;
    }

    @Override
    public void close() {
        gate.close();
        main.stop();
        if (monitor != null) {
            monitor.close();
        }
        dataSource.close();
    }
}
