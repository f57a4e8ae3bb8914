package io.github.sequinroutes.bundle;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.deadletter.DeadLetters;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.observe.BundleHealth;
import io.github.sequinroutes.observe.DatabaseMonitor;
import io.github.sequinroutes.observe.Metrics;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Keeps PostgreSQL tables equal to what a Sequin consumer delivers, in any Camel context. It starts and stops with the
 * context; its beans, routes and endpoints begin with its name, and nothing else of the context is touched.
 *
 * <pre>{@code
 * new SequinBundle(options, dataSource).addTo(context);
 * }</pre>
 */
public final class SequinBundle {
    private final BundleOptions options;
    private final DataSource dataSource;
    private final DataSource probes;
    private final boolean polling;
    private final CollectionFiles files;
    private final Database database;
    private final Collections collections;
    private final Gate gate = new Gate();
    private final Map<String, Object> beans = new LinkedHashMap<>();
    private final Acknowledger acks;
    private final Workers workers;
    private CamelContext context;
    private ProducerTemplate template;
    private ScheduledExecutorService watch;
    private DatabaseMonitor monitor;
    private HealthCheck health;
    private volatile boolean isStarted;

    /**
     * A bundle that is not in a context yet: nothing happens, and the database is not used.
     *
     * @param dataSource the user's database; any pool will do, but it should have a connection for each worker and two more
     */
    public SequinBundle(BundleOptions options, DataSource dataSource) {
        this(options, dataSource, dataSource);
    }

    /**
     * The same with another pool, or another connection, for those who ask whether the database answers: they should not
     * wait for those who write.
     */
    public SequinBundle(BundleOptions options, DataSource dataSource, DataSource probes) {
        this(options, dataSource, probes, true, false);
    }

    /**
     * The same for a command that ends by itself.
     *
     * @param polling whether it polls, or only has the routes of its collections
     * @param silent  whether what is wrong with files is not logged, but will be asked for
     */
    public SequinBundle(
            BundleOptions options, DataSource dataSource, DataSource probes, boolean polling, boolean silent) {
        this.options = options;
        this.dataSource = dataSource;
        this.probes = probes;
        this.polling = polling;
        files = new CollectionFiles(options.name(), silent);
        database = new Database(dataSource, options.migrates());
        collections = new Collections(files, options.ackWaitMillis(), options.ignored());
        acks = new Acknowledger(() -> template, options.name());
        workers = makeWorkers();
        makeBeans();
    }

    private Workers makeWorkers() {
        Worker.Pace pace = new Worker.Pace(
                options.batchSize(),
                options.waitForMillis(),
                options.isContinuous(),
                new DeadLetterPace(options.deadLettersPerSecond()),
                collections::haveUnacked,
                this::prepare);
        return new Workers(options.name(), options.workers(), pace, options.schedule(), gate);
    }

    private boolean prepare(boolean needsProbe) throws Exception {
        if (needsProbe) {
            database.prepare();
        }
        files.reloadChanged(); // also when no message comes: health shall know that a file is fixed
        List<String> returnable = collections.returnable(options.batchSize());
        acks.giveBack(returnable);
        return !returnable.isEmpty();
    }

    private void makeBeans() {
        FailurePolicy policy =
                new FailurePolicy(options.failures("retry"), options.failures("stop"), options.failures("reject"));
        WriteLimit limit = new WriteLimit(options.writers());
        beans.put(bean("postgres"), dataSource);
        beans.put(bean("responses"), new ResponseReader(options.ackWaitMillis()));
        beans.put(
                bean("transaction"),
                new TransactionPolicy(dataSource, limit, Lease.writeMillis(options.ackWaitMillis())));
        beans.put(
                bean("writeSupport"),
                new WriteSupport(
                        new Transactions(dataSource),
                        limit,
                        database,
                        policy,
                        collections,
                        options.maxRecordSize(),
                        options.leavesTimedOutUnacked()));
        beans.put(bean("collections"), collections);
        beans.put(bean("dispatch"), new Dispatch(collections, database));
        beans.put(bean("acks"), acks);
        beans.put(bean("deadLetters"), new DeadLetters(options.consumer()));
        // a server may keep a request open for wait-for; then it must respond, while there is time to write
        Duration timeout = Duration.ofMillis(Lease.writeMillis(options.ackWaitMillis()));
        beans.put(bean("receiveClient"), client(timeout.plusMillis(options.waitForMillis())));
        beans.put(bean("ackClient"), client(timeout));
        if (polling) {
            beans.putAll(workers.byName());
        }
    }

    private HttpClientConfigurer client(Duration timeout) {
        return CompositeHttpConfigurer.combineConfigurers(new SequinHttpClient(options.token(), timeout), gate);
    }

    /**
     * Adds it to a context, which may be started or not.
     *
     * @throws IllegalStateException if there is a bundle of this name already
     * @throws Exception             if a route of the bundle is wrong
     */
    public SequinBundle addTo(CamelContext host) throws Exception {
        if (host.getRegistry().lookupByName(bean("collections")) != null) {
            throw new IllegalStateException("There is a bundle named " + options.name()
                    + " in this context already; give one of them another name");
        }
        context = host;
        template = host.createProducerTemplate();
        beans.forEach(host.getRegistry()::bind);
        if (polling) {
            host.addComponent(bean("quartz"), quartz());
        }
        String machine = Flow.addTo(host, options.routes());
        add(new BundleRoutes(options, machine, polling));
        if (polling) {
            add(workers);
            observe();
        }
        if (host.isStarted()) {
            start();
        }
        host.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStarted(CamelContext started) {
                // not as a startup listener: while those are called, to add a route has all of them called again
                start();
            }

            @Override
            public void onContextStopping(CamelContext stopping) {
                end();
            }
        });
        return this;
    }

    private void add(RoutesBuilder routes) throws Exception {
        context.addRoutes(routes); // has it say which
        context.addTemplatedRoutes(routes);
    }

    /** What a host lacks for that, it does without. */
    private void observe() {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null && has("org.apache.camel.impl.health.AbstractHealthCheck")) {
            monitor = new DatabaseMonitor(probes);
            boolean isAlone = options.name().equals(BundleOptions.DEFAULT_NAME);
            health = new BundleHealth(
                    isAlone ? "records" : "records-" + options.name(),
                    workers.byName(),
                    monitor,
                    collections,
                    options.stalledMillis());
            checks.register(health);
        }
    }

    private boolean has(String type) {
        return context.getClassResolver().resolveClass(type) != null;
    }

    /** A scheduler of its own: each worker keeps a thread of it for as long as it polls. */
    private QuartzComponent quartz() {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", context.getName() + "-" + bean("quartz"));
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        // a thread for each worker, and one for the purge
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(options.workers() + 1));
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(Map.copyOf(asMap(properties)));
        quartz.setEnableJmx(false);
        return quartz;
    }

    private static Map<String, Object> asMap(Properties properties) {
        Map<String, Object> map = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key)));
        return map;
    }

    private void start() {
        // each by itself, and all before a worker has a message of them
        files.load(context, options.routes() + "/collections");
        try {
            startPolling();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
        gate.open();
        isStarted = true;
    }

    private void startPolling() throws Exception {
        if (polling) {
            watch = context.getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, bean("collection-files"));
            // a worker looks before each request, which may be seconds away
            var unused = watch.scheduleWithFixedDelay(files::reloadChanged, 1, 1, TimeUnit.SECONDS);
            workers.start(context);
            // in a context that is started already the component leaves it standing
            context.getComponent(bean("quartz"), QuartzComponent.class)
                    .getScheduler()
                    .start();
        }
        if (has("io.micrometer.core.instrument.MeterRegistry")) {
            new Metrics(collections).publish(context, options.name());
        }
    }

    private void end() {
        gate.close();
        if (watch != null) {
            context.getExecutorServiceManager().shutdownNow(watch);
            watch = null;
        }
        if (monitor != null) {
            monitor.close();
            monitor = null;
        }
    }

    private String bean(String name) {
        return options.name() + "-" + name;
    }

    /** Whether it has started: its collections are loaded, and its workers poll. */
    public boolean isStarted() {
        return isStarted;
    }

    /** Lets no worker fetch messages any more. Returns whether there may be messages in flight. */
    public boolean stopFetching() {
        return gate.close();
    }

    /** Takes it out of the context again: what is in flight is finished and acked before. Without effect if it is in none. */
    public void remove() throws Exception {
        if (context == null) {
            return;
        }
        end();
        List<String> ids = context.getRoutes().stream()
                .map(Route::getRouteId)
                .filter(id -> id.startsWith(options.name() + "-"))
                .sorted(Comparator.comparing(id -> !workers.byName().containsKey(id))) // the others serve these
                .toList();
        for (String id : ids) {
            context.getRouteController().stopRoute(id);
            context.removeRoute(id);
        }
        files.unload();
        if (health != null) {
            HealthCheckRegistry.get(context).unregister(health);
        }
        context.removeComponent(bean("quartz"));
        beans.keySet().forEach(context.getRegistry()::unbind);
        template.close();
        context = null;
        isStarted = false;
    }

    /** The collections that have a route. */
    public Collections collections() {
        return collections;
    }

    /** The files of the collections. */
    public CollectionFiles files() {
        return files;
    }

    /** The workers. */
    public Workers workers() {
        return workers;
    }

    /** The user's database. */
    public Database database() {
        return database;
    }
}
