package io.github.sequinroutes.observe;

import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.write.Collections;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.apache.camel.CamelContext;

/** Publishes what has become of the messages, and how many collections are paused. */
public final class Metrics {
    private final Collections collections;
    private final List<Meter> meters = new ArrayList<>();
    private MeterRegistry registry;

    /** Of these collections. */
    public Metrics(Collections collections) {
        this.collections = collections;
    }

    /** Publishes them in a context, if it has a registry of meters; each has the name of the bundle as a tag. */
    public void publish(CamelContext context, String bundle) {
        registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return; // switched off
        }
        for (Outcome outcome : EnumSet.complementOf(EnumSet.of(Outcome.COMPLETED))) { // that is of sources only
            meters.add(FunctionCounter.builder(
                            "sequin.messages", collections.outcomes(), counted -> counted.of(outcome))
                    .description("Messages received, by what has become of them")
                    .tag("bundle", bundle)
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .register(registry));
        }
        meters.add(Gauge.builder("sequin.collections.paused", collections, known -> known.paused()
                        .size())
                .tag("bundle", bundle)
                .description("Collections that are paused until their template or table is fixed")
                .register(registry));
    }

    /** Takes them out of the registry again. */
    public void remove() {
        meters.forEach(meter -> registry.remove(meter));
        meters.clear();
    }
}
