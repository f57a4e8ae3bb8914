package io.github.sequinroutes.poll;

import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.read.Group;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Route;
import org.apache.camel.util.StringHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collections that have a route: those of the route group {@code collection} that start at
 * {@code direct:<collection ID>}. A collection ID from the network is only ever compared with these.
 */
public final class Collections {
    private static final Logger LOG = LoggerFactory.getLogger(Collections.class);
    private static final String GROUP = "collection";
    private static final String ANY = "*";

    private final Map<String, String> reported = new ConcurrentHashMap<>();

    /** Whether there is a route for the group's collection, or one for all that have none. */
    public boolean knows(Group group, CamelContext context) {
        return route(group, context) != null;
    }

    /** The URI of the endpoint at which the route for the group's collection starts. */
    public String endpoint(Group group, CamelContext context) {
        return route(group, context).getEndpoint().getEndpointUri();
    }

    /** Notes that a collection's messages cannot be written until its template or table is mended. */
    public void stopped(Group group, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        String error = Failures.describe(failure);
        if (!error.equals(reported.put(group.getCollection(), error))) {
            LOG.error(
                    "Collection {} is not written until its template or table is mended: {}",
                    group.getCollection(),
                    error);
        }
    }

    private static Route route(Group group, CamelContext context) {
        Route any = null;
        for (Route route : context.getRoutesByGroup(GROUP)) {
            String name = StringHelper.after(route.getEndpoint().getEndpointUri(), "://");
            if (name.equals(group.getCollection())) {
                return route;
            }
            if (name.equals(ANY)) {
                any = route;
            }
        }
        return any;
    }
}
