package io.github.sequinroutes.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.ConfiguredBundles;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.collection.MisplacedFiles;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.failure.UnsuitableDatabaseException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundle in a process of its own: Camel Main, the pool of the database, health and metrics. */
public final class Standalone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);
    private static final long POOLS_MILLIS = 500;

    private final Main main = new Main() {
        @Override
        protected CamelContext createCamelContext() {
            CamelContext context = super.createCamelContext();
            context.setClassResolver(new OwnClassPath(context));
            return context;
        }
    };
    private final Settings settings;
    private final Mode mode;
    private final ConfiguredBundles bundles;

    /** Puts the process together. */
    public Standalone(Settings settings, Mode mode) {
        this.settings = settings;
        this.mode = mode;
        bundles = new ConfiguredBundles(settings.bundles(), mode);
        configure();
        if (mode == Mode.RUN) {
            main.addMainListener(new HealthEndpoint());
            main.addMainListener(new StatusPage(bundles::all, settings.portToken()));
        } else {
            // nobody asks after a command that ends by itself, and the port may be the running process's
            main.addOverrideProperty("camel.management.enabled", "false");
            main.addOverrideProperty("camel.metrics.enabled", "false");
        }
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                addBundles(configured.getCamelContext());
            }
        });
    }

    private void addBundles(CamelContext context) {
        try {
            bundles.addTo(context, null);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /**
     * Makes the routes and does not start them: from now on the bundles are there.
     *
     * @throws Exception if a route of a bundle is wrong
     */
    Standalone init() throws Exception {
        if (mode != Mode.RUN) {
            // the pool would try again for some seconds, while somebody waits to see what is wrong
            for (Map.Entry<String, HikariDataSource> pool : bundles.pools().entrySet()) {
                requireSuitable(pool.getKey(), pool.getValue());
            }
        }
        main.init();
        return this;
    }

    /** Says which key most likely names what is wrong. */
    private void requireSuitable(String bundle, HikariDataSource pool) throws SQLException {
        try {
            new Database(pool.getDataSource(), false).requireSuitable();
        } catch (UnsuitableDatabaseException e) {
            throw e;
        } catch (SQLException e) {
            throw DatabaseKey.about(e, key -> settings.placed(bundle, key));
        }
    }

    /**
     * Starts the routes. What is wrong with the files of a collection pauses that collection.
     *
     * @throws Exception if a route of a bundle is wrong
     */
    public Standalone start() throws Exception {
        init();
        main.start();
        if (!bundles.all().stream().allMatch(Bundle::isStarted) && !context().isStopped()) {
            throw new IllegalStateException("The bundle has not started, the log says why");
        }
        return this;
    }

    /** Lets no worker fetch messages any more. Returns whether there may be messages in flight. */
    boolean stopFetching() {
        return bundles.stopFetching();
    }

    /** The Camel context, once the routes are made. */
    public CamelContext context() {
        return main.getCamelContext();
    }

    /** The pools of those bundles that have one of their own, by name. */
    Map<String, HikariDataSource> pools() {
        return bundles.pools();
    }

    /** The bundles, once the routes are made. */
    List<Bundle> bundles() {
        return bundles.all();
    }

    /** The first bundle, once the routes are made. */
    public Bundle bundle() {
        return bundles.all().get(0);
    }

    private void configure() {
        // Settings has read the file, the environment and -D, and made of them what the routes shall see
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addInitialProperty("camel.component.properties.environmentVariableMode", "0");
        main.addInitialProperty("camel.component.properties.systemPropertiesMode", "0");
        // who starts this decides when it stops
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        List<String> excluded = new ArrayList<>(settings.misplacedFiles());
        excluded.addAll(MisplacedFiles.FORMER);
        excluded.add("sequin.camel.yaml"); // the bundle's own, which it loads itself
        main.configure()
                .withRoutesIncludePattern(settings.bundles().stream()
                        .map(bundle -> bundle.config().routesUri() + "/*.camel.yaml")
                        .distinct()
                        .collect(Collectors.joining(",")))
                .withRoutesExcludePattern(
                        excluded.stream().map(name -> "**/" + name).collect(Collectors.joining(",")))
                .withShutdownTimeout(Stop.DRAIN_SECONDS)
                .withAutoConfigurationEnvironmentVariablesEnabled(false)
                .withAutoConfigurationSystemPropertiesEnabled(false);
        for (ConfiguredBundle bundle : settings.bundles()) {
            BundleConfig config = bundle.config();
            main.addOverrideProperty(bundle.key("sequin.url"), config.get(Keys.URL));
            main.addOverrideProperty(bundle.key("sequin.consumer"), config.get(Keys.CONSUMER));
            main.addOverrideProperty(bundle.key("sequin.routes"), config.routesUri());
        }
        HikariDataSource pool = bundles.pools().get(BundleConfig.DEFAULT_NAME);
        if (pool != null) {
            main.bind("postgres", pool); // for steps of the user's own
        }
        main.addInitialProperty("camel.main.name", "sequin-postgres-routes");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", "9876");
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        // a route that is replaced stands still for a moment, and of one that is wrong the bundle's own check tells
        // more
        main.addInitialProperty("camel.health.routesEnabled", "false");
        main.addInitialProperty("camel.health.consumersEnabled", "false");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        main.addInitialProperty("camel.metrics.enabled", "true");
        // it looks all meters through at each end of an exchange, of which a batch has a dozen; the routes' meters are
        // enough
        main.addInitialProperty("camel.metrics.enableExchangeEventNotifier", "false");
        main.addInitialProperty(
                "camel.metrics.binders", "file-descriptor,jvm-gc,jvm-info,jvm-memory,jvm-thread,processor,uptime");
        settings.others().forEach((key, value) -> main.addOverrideProperty((String) key, (String) value));
    }

    /** Finishes and acks what is in flight, and says so before. */
    void drain() {
        LOG.info("Stopping: what is in flight is finished and acked first, for {} s at most.", Stop.DRAIN_SECONDS);
        LogLevel.quietStop(settings.logLevel());
        bundles.stopFetching();
        main.stop();
        // where PostgreSQL is away a pool that closes waits for seconds, and the end of the process closes what is left
        Stop.await("pools", bundles::close, POOLS_MILLIS);
    }

    /** Says that a stop in the middle of the start has nothing to finish; what the start says from now on is no news. */
    static void tellNothingFetched() {
        LOG.info("Stopping: the start is not complete, so no message has been fetched.");
        LogLevel.only(Standalone.class);
        LOG.info("Stopped.");
    }

    /** Says what is not finished and so will come again, and that nothing more will be done. */
    void tellStopped() {
        for (Bundle bundle : bundles.all()) {
            long left = bundle.collections().outcomes().inHand();
            if (left > 0) {
                String name = bundle.config().isUnnamed()
                        ? ""
                        : "Bundle " + bundle.config().name() + ": ";
                LOG.info(
                        "{}{} fetched and could not be written and acked in time: given up, unacked, and delivered again when"
                                + " the lease is over.",
                        name,
                        left == 1 ? "1 message was" : left + " messages were");
            }
        }
        LOG.info("Stopped.");
    }

    @Override
    public void close() {
        bundles.stopFetching();
        main.stop();
        bundles.close();
    }
}
