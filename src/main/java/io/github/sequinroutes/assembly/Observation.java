package io.github.sequinroutes.assembly;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.DatabaseAccess;
import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.observe.BundleHealth;
import io.github.sequinroutes.observe.DatabaseMonitor;
import io.github.sequinroutes.observe.Metrics;
import io.github.sequinroutes.observe.Progress;
import io.github.sequinroutes.observe.Status;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.sequin.Silence;
import io.github.sequinroutes.write.Collections;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;

/** Health and metrics of a bundle. What a host lacks for them, it does without. */
final class Observation {
    /** A response may come this much later than the server was to wait for a message. */
    private static final long GRACE_MILLIS = 5_000;

    private final BundleConfig config;
    private final DatabaseAccess access;
    private final BundleBeans beans;
    private final Workers workers;
    private final Collections collections;
    private final Silence silence;
    private DatabaseMonitor monitor;
    private Progress progress;
    private BundleHealth health;
    private Status status;
    /** A host without Micrometer cannot load the class. */
    private Runnable stopMetrics = () -> {};

    private Runnable removeMetrics = () -> {};

    Observation(BundleConfig config, DatabaseAccess access, BundleBeans beans) {
        this.config = config;
        this.access = access;
        this.beans = beans;
        workers = beans.workers();
        collections = beans.collections();
        silence = beans.server().silence();
    }

    void addHealthTo(CamelContext context) {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null && has(context, "org.apache.camel.impl.health.AbstractHealthCheck")) {
            monitor = new DatabaseMonitor(
                    access.probes(),
                    beans.server().advice(),
                    beans.outages(),
                    beans.server().gate());
            health = new BundleHealth(
                    config.isUnnamed() ? "records" : "records-" + config.name(),
                    workers,
                    monitor,
                    collections,
                    silence,
                    config.stalledMillis());
            checks.register(health);
            status = new Status(
                    config.name(),
                    workers,
                    collections,
                    () -> beans.files().routes(context).collections(),
                    health,
                    staleMillis(),
                    deadLetters(Status.DATABASE_SECONDS));
        }
    }

    void beginProgress() {
        progress = new Progress(config.isUnnamed() ? "" : config.name(), workers, collections);
    }

    void addMetricsTo(CamelContext context) {
        if (has(context, "io.micrometer.core.instrument.MeterRegistry")) {
            Metrics metrics = new Metrics(collections, workers, beans.server().acks());
            metrics.publish(context, config.name(), beans.server().api().tellsPending(), staleMillis(), deadLetters(0));
            if (monitor != null) {
                metrics.publishDatabase(monitor);
            }
            if (has(context, "com.zaxxer.hikari.HikariDataSource")) {
                metrics.publishPool(access.dataSource());
            }
            stopMetrics = metrics::stop;
            removeMetrics = metrics::remove;
        }
    }

    private long staleMillis() {
        return config.isContinuous() ? config.get(Keys.WAIT_FOR) + GRACE_MILLIS : 0;
    }

    private DeadLetterTable deadLetters(int timeoutSeconds) {
        return new DeadLetterTable(
                access.dataSource(),
                config.get(Keys.CONSUMER),
                beans.server().api().format(),
                timeoutSeconds);
    }

    /** How it does, for those who look; null if there is no health. */
    Status status() {
        return status;
    }

    private static boolean has(CamelContext context, String type) {
        return context.getClassResolver().resolveClass(type) != null;
    }

    void stop() {
        stopMetrics.run();
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
