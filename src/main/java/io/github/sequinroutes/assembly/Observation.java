package io.github.sequinroutes.assembly;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.observe.BundleHealth;
import io.github.sequinroutes.observe.DatabaseMonitor;
import io.github.sequinroutes.observe.Metrics;
import io.github.sequinroutes.observe.Progress;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.sequin.Silence;
import io.github.sequinroutes.write.Collections;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;

/** Health and metrics of a bundle. What a host lacks for them, it does without. */
final class Observation {
    private final BundleConfig config;
    private final DataSource probes;
    private final Workers workers;
    private final Collections collections;
    private final Silence silence;
    private DatabaseMonitor monitor;
    private Progress progress;
    private HealthCheck health;
    /** A host without Micrometer cannot load the class. */
    private Runnable removeMetrics = () -> {};

    Observation(BundleConfig config, DataSource probes, Workers workers, Collections collections, Silence silence) {
        this.config = config;
        this.probes = probes;
        this.workers = workers;
        this.collections = collections;
        this.silence = silence;
    }

    void addHealthTo(CamelContext context) {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null && has(context, "org.apache.camel.impl.health.AbstractHealthCheck")) {
            monitor = new DatabaseMonitor(probes);
            health = new BundleHealth(
                    config.isUnnamed() ? "records" : "records-" + config.name(),
                    workers,
                    monitor,
                    collections,
                    silence,
                    config.stalledMillis());
            checks.register(health);
        }
    }

    void beginProgress() {
        progress = new Progress(config.isUnnamed() ? "" : config.name(), workers, collections.outcomes());
    }

    void addMetricsTo(CamelContext context) {
        if (has(context, "io.micrometer.core.instrument.MeterRegistry")) {
            Metrics metrics = new Metrics(collections);
            metrics.publish(context, config.name());
            removeMetrics = metrics::remove;
        }
    }

    private static boolean has(CamelContext context, String type) {
        return context.getClassResolver().resolveClass(type) != null;
    }

    void stop() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
        if (monitor != null) {
            monitor.close();
            monitor = null;
        }
    }

    void removeFrom(CamelContext context) {
        if (health != null) {
            HealthCheckRegistry.get(context).unregister(health);
        }
        removeMetrics.run();
    }
}
