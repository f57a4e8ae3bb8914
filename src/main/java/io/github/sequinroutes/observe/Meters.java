package io.github.sequinroutes.observe;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** The meters of a bundle in a registry; each has the name of the bundle as a tag. Thread-safe. */
final class Meters {
    /** Fixed, so that those of several processes add up. */
    private static final Duration[] SECONDS = LongStream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final double[] COUNTS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};

    private final MeterRegistry registry;
    private final Tags bundle;
    private final List<Meter> meters = new ArrayList<>();
    /** The registry alone would let them be collected as garbage. */
    private final List<LongSupplier> counts = new ArrayList<>();

    Meters(MeterRegistry registry, String bundle) {
        this.registry = registry;
        this.bundle = Tags.of("bundle", bundle);
    }

    private synchronized <T extends Meter> T add(T meter) {
        meters.add(meter);
        return meter;
    }

    /** Publishes a count that only grows. */
    synchronized void counter(String name, String description, LongSupplier count, String... tags) {
        counts.add(count);
        add(FunctionCounter.builder(name, count, LongSupplier::getAsLong)
                .description(description)
                .tags(bundle.and(tags))
                .register(registry));
    }

    /** Publishes a value. */
    void gauge(String name, String description, Supplier<Number> value, String... tags) {
        add(Gauge.builder(name, value)
                .description(description)
                .tags(bundle.and(tags))
                .strongReference(true)
                .register(registry));
    }

    /** Publishes values whose tags change. */
    MultiGauge multiGauge(String name, String description) {
        return MultiGauge.builder(name).description(description).tags(bundle).register(registry);
    }

    /** Publishes durations, as a histogram. */
    Timer timer(String name, String description, String... tags) {
        return add(Timer.builder(name)
                .description(description)
                .tags(bundle.and(tags))
                .serviceLevelObjectives(SECONDS)
                .register(registry));
    }

    /** Publishes how many there are at once, as a histogram. */
    DistributionSummary summary(String name, String description, String... tags) {
        return add(DistributionSummary.builder(name)
                .description(description)
                .tags(bundle.and(tags))
                .serviceLevelObjectives(COUNTS)
                .register(registry));
    }

    /** Takes all of them out of the registry again. */
    synchronized void remove() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
