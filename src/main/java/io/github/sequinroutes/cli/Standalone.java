package io.github.sequinroutes.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.collection.MisplacedFiles;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.config.PostgresPool;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.DatabaseAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** The bundle in a process of its own: Camel Main, the pool of the database, health and metrics. */
public final class Standalone implements AutoCloseable {
    private final Main main = new Main();
    private final HikariDataSource dataSource;
    private final Settings settings;
    private final Mode mode;
    private final Bundle bundle;
    private final HikariDataSource probes;

    /** Puts the process together. */
    public Standalone(Settings settings, Mode mode) {
        this.settings = settings;
        this.mode = mode;
        BundleConfig config = settings.config();
        PostgresPool pool = new PostgresPool(
                settings.get("postgres.url"), settings.get("postgres.user"), settings.get("postgres.password"));
        dataSource = pool.open(config.connections(), config.get(Keys.ACK_WAIT));
        probes = mode == Mode.RUN ? pool.openForHealth() : null;
        bundle = new Bundle(config, new DatabaseAccess(dataSource, probes), mode);
        configure(config);
        if (mode == Mode.RUN) {
            main.addMainListener(new HealthEndpoint());
        } else {
            // nobody asks after a command that ends by itself, and the port may be the running process's
            main.addOverrideProperty("camel.management.enabled", "false");
        }
        main.bind("postgres", dataSource); // for steps of the user's own
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                addBundle(configured.getCamelContext());
            }
        });
    }

    private void addBundle(CamelContext context) {
        try {
            bundle.addTo(context);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /**
     * Starts the routes. What is wrong with the files of a collection pauses that collection.
     *
     * @throws Exception if a route of the bundle is wrong
     */
    public Standalone start() throws Exception {
        if (mode != Mode.RUN) {
            // the pool would try again for some seconds, while somebody waits to see what is wrong
            new Database(dataSource.getDataSource(), false).requireSuitable();
        }
        main.start();
        if (!bundle.isStarted() && !context().isStopped()) {
            throw new IllegalStateException("The bundle has not started, the log says why");
        }
        return this;
    }

    /** Lets no worker fetch messages any more. Returns whether there may be messages in flight. */
    boolean stopFetching() {
        return bundle.stopFetching();
    }

    /** The Camel context, once started. */
    public CamelContext context() {
        return main.getCamelContext();
    }

    /** The pool of connections to the user's database. */
    public HikariDataSource dataSource() {
        return dataSource;
    }

    /** The bundle. */
    public Bundle bundle() {
        return bundle;
    }

    private void configure(BundleConfig config) {
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
                .withRoutesIncludePattern(config.routesUri() + "/*.camel.yaml")
                .withRoutesExcludePattern(
                        excluded.stream().map(name -> "**/" + name).collect(Collectors.joining(",")))
                .withShutdownTimeout(Stop.DRAIN_SECONDS)
                .withAutoConfigurationEnvironmentVariablesEnabled(false)
                .withAutoConfigurationSystemPropertiesEnabled(false);
        main.addOverrideProperty("sequin.url", config.get(Keys.URL));
        main.addOverrideProperty("sequin.consumer", config.get(Keys.CONSUMER));
        main.addOverrideProperty("sequin.routes", config.routesUri());
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
        settings.others().forEach((key, value) -> main.addOverrideProperty((String) key, (String) value));
    }

    @Override
    public void close() {
        bundle.stopFetching();
        main.stop();
        if (probes != null) {
            probes.close();
        }
        dataSource.close();
    }
}
