package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertFalse;

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
}
