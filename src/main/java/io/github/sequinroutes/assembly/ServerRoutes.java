package io.github.sequinroutes.assembly;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.sequin.SequinApi;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;

/** The routes that a bundle and a source have in common: from a batch that comes to its ack. */
final class ServerRoutes extends RouteBuilder {
    private final BundleConfig config;
    private final SequinApi api;

    ServerRoutes(BundleConfig config, SequinApi api) {
        this.config = config;
        this.api = api;
    }

    @Override
    public void configure() {
        String consumer = config.get(Keys.URL) + api.path(config.get(Keys.CONSUMER));
        for (String route : new String[] {"batches", "batch"}) {
            templatedRoute("sequin-" + route).routeId(config.nameOf(route)).parameter("bundle", config.name());
        }
        templatedRoute("sequin-receive")
                .routeId(config.nameOf("receive"))
                .parameter("bundle", config.name())
                .parameter("consumer", consumer)
                .parameter("call", api.receive());
        for (String call : new String[] {"ack", "nack"}) {
            templatedRoute("sequin-settle")
                    .routeId(config.nameOf(call))
                    .parameter("bundle", config.name())
                    .parameter("consumer", consumer)
                    .parameter("call", call);
        }
    }

    /** Adds routes from templates to a context, and returns their IDs. */
    static List<String> add(CamelContext context, RouteBuilder... builders) throws Exception {
        List<String> ids = new ArrayList<>();
        for (RouteBuilder builder : builders) {
            context.addRoutes(builder); // has it say which
            context.addTemplatedRoutes(builder);
            builder.getTemplatedRouteCollection().getTemplatedRoutes().forEach(route -> ids.add(route.getRouteId()));
        }
        return ids;
    }

    /** Stops and removes these routes, the workers' first, since the others serve these. */
    static void remove(CamelContext context, List<String> ids, Workers workers) throws Exception {
        List<String> inOrder = ids.stream()
                .distinct()
                .sorted(Comparator.comparing(id -> !workers.byName().containsKey(id)))
                .toList();
        for (String id : inOrder) {
            context.getRouteController().stopRoute(id);
            context.removeRoute(id);
        }
    }
}
