package io.github.sequinroutes.observe;

import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.poll.PollOutcome;
import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.sequin.Acknowledger;
import io.github.sequinroutes.template.Way;
import io.github.sequinroutes.write.CollectionCounters;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.CountedOutcome;
import io.github.sequinroutes.write.WriteListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;

/** Publishes how a bundle does as meters, which docs/metrics.md lists. A host without Micrometer cannot load the class. */
public final class Metrics {
    private final Collections collections;
    private final Workers workers;
    private final Acknowledger acks;
    private Meters meters;
    private MetricsMonitor monitor;

    /** Of a bundle with these parts. */
    public Metrics(Collections collections, Workers workers, Acknowledger acks) {
        this.collections = collections;
        this.workers = workers;
        this.acks = acks;
    }

    /**
     * Publishes them in a context, if it has a registry of meters.
     *
     * @param bundle       its name, which each meter has as a tag
     * @param tellsPending whether the server says how many messages are left
     * @param staleMillis  how long a response that nothing is left stands for the present, in milliseconds; 0 for ever
     * @param deadLetters  those of the bundle
     */
    public void publish(
            CamelContext context, String bundle, boolean tellsPending, long staleMillis, DeadLetterTable deadLetters) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return; // switched off
        }
        meters = new Meters(registry, bundle);
        publishBuild();
        publishPolls(tellsPending, staleMillis);
        publishWrites();
        collections.outcomes().whenAdded(this::publish);
        monitor = new MetricsMonitor(meters, collections, deadLetters);
    }

    /** Publishes whether a database answers. */
    public void publishDatabase(DatabaseMonitor database) {
        if (meters != null) {
            meters.gauge(
                    "sequin.postgres.up",
                    "1 if PostgreSQL has answered and can be written to, within a few seconds, else 0",
                    () -> database.problem() == null ? 1 : 0);
        }
    }

    /** Publishes how the connections of a pool are used. A host without HikariCP cannot do that. */
    public void publishPool(DataSource pool) {
        if (meters != null) {
            PoolMetrics.publish(meters, pool);
        }
    }

    private void publishBuild() {
        String version = Metrics.class.getPackage().getImplementationVersion();
        meters.gauge("sequin.build.info", "The version of the bundle", () -> 1, "version", String.valueOf(version));
    }

    private void publishPolls(boolean tellsPending, long staleMillis) {
        for (PollOutcome outcome : PollOutcome.values()) {
            meters.counter(
                    "sequin.polls",
                    "Requests for messages, by what has come of them",
                    () -> workers.polls(outcome),
                    "outcome",
                    outcome.name().toLowerCase(Locale.ROOT));
        }
        if (tellsPending) {
            meters.gauge(
                    "sequin.pending.messages",
                    "Messages that Sequin has not delivered yet, as it last said",
                    () -> latest(Worker::pending));
            meters.gauge(
                    "sequin.in.flight.messages",
                    "Messages that Sequin has delivered to anybody and that are not acked yet, as it last said",
                    () -> latest(Worker::inFlight));
        }
        Lag lag = new Lag(workers, collections.outcomes(), staleMillis);
        meters.gauge(
                "sequin.lag.seconds",
                "Age of the newest written record while there are more, at most the time since there were none; else 0",
                lag::seconds);
        Timer receive = meters.timer(
                "sequin.receive",
                "Time from a request that is not to wait for messages to the first batch of its response");
        workers.listen(nanos -> receive.record(nanos, TimeUnit.NANOSECONDS));
        Timer ack = meters.timer("sequin.ack", "Time of an ack that Sequin has taken", "call", "ack");
        Timer nack = meters.timer("sequin.ack", "Time of an ack that Sequin has taken", "call", "nack");
        acks.listen((call, nanos) -> ("ack".equals(call) ? ack : nack).record(nanos, TimeUnit.NANOSECONDS));
    }

    private double latest(ToLongFunction<Worker> what) {
        Worker latest = workers.latest();
        long count = latest == null ? -1 : what.applyAsLong(latest);
        return count < 0 ? Double.NaN : count;
    }

    private void publishWrites() {
        meters.gauge(
                "sequin.collections.paused",
                "Collections that are paused until their template or table is fixed",
                () -> collections.paused().size());
        DistributionSummary batches = meters.summary("sequin.batch.messages", "Messages of a batch");
        Map<Way, DistributionSummary> statements = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            statements.put(
                    way,
                    meters.summary(
                            "sequin.statement.records",
                            "Records for which a template is executed at once, by how they are sent",
                            "way",
                            way.toString()));
        }
        Map<String, Timer> writes = new ConcurrentHashMap<>();
        collections.listen(new WriteListener() {
            @Override
            public void batch(int messages) {
                batches.record(messages);
            }

            @Override
            public void executed(int records, Way way) {
                statements.get(way).record(records);
            }

            @Override
            public void wrote(String collection, long nanos) {
                Timer known = writes.get(collection);
                (known == null ? writes.computeIfAbsent(collection, Metrics.this::write) : known)
                        .record(nanos, TimeUnit.NANOSECONDS);
            }
        });
    }

    private Timer write(String collection) {
        return meters.timer(
                "sequin.write",
                "Time of the writing of a batch's messages of one collection",
                "collection",
                collection);
    }

    private void publish(CollectionCounters counters) {
        String collection = counters.collection();
        for (CountedOutcome outcome : CountedOutcome.values()) {
            meters.counter(
                    "sequin.messages",
                    "Messages received, by collection and by what has become of them",
                    () -> counters.of(outcome),
                    "collection",
                    collection,
                    "outcome",
                    outcome.toString());
        }
        for (String reason : CollectionCounters.REASONS) {
            meters.counter(
                    "sequin.dead.letters",
                    "Messages that have become dead letters, by reason",
                    () -> counters.deadLetters(reason),
                    "collection",
                    collection,
                    "reason",
                    reason);
        }
        meters.counter(
                "sequin.isolations",
                "How often the records at fault in a part of a batch were searched for",
                counters::isolations,
                "collection",
                collection);
        meters.counter(
                "sequin.write.timeouts",
                "Writes that PostgreSQL has ended because they, or a lock, took too long",
                counters::timeouts,
                "collection",
                collection);
    }

    /** Looks at nothing any more. */
    public void stop() {
        if (monitor != null) {
            monitor.close();
        }
    }

    /** Takes them out of the registry again. */
    public void remove() {
        if (meters != null) {
            meters.remove();
        }
    }
}
