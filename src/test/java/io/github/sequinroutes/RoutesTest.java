package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Route;
import org.junit.jupiter.api.Test;

class RoutesTest {
    /** A worker's exchange lives as long as the process, and Camel would keep something of each cached stream in it. */
    @Test
    void noRouteCachesStreams() throws Exception {
        try (TestBundle bundle = new TestBundle().start()) {
            for (Route route : bundle.standalone().context().getRoutes()) {
                assertFalse(route.isStreamCaching(), route.getRouteId());
            }
        }
    }

    @Test
    void theMetricsCountWhatHasBecomeOfTheMessages() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(TestRecord.of("stripe:subscription", "a", 1, "{}"), "[]")
                    .start()
                    .awaitDrained();
            MeterRegistry registry = bundle.standalone().context().getRegistry().findSingleByType(MeterRegistry.class);
            for (String outcome : new String[] {"written", "dead-lettered"}) {
                double count = registry.get("sequin.messages")
                        .tag("outcome", outcome)
                        .functionCounter()
                        .count();
                assertEquals(1, count, outcome);
            }
        }
    }
}
