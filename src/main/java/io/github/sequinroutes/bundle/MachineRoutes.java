package io.github.sequinroutes.bundle;

import org.apache.camel.builder.RouteBuilder;

/** The routes of a bundle that are there once, whatever its workers and collections, from the templates in its YAML. */
public final class MachineRoutes extends RouteBuilder {
    private final String bundle;
    private final String purge;

    /**
     * The routes of a bundle.
     *
     * @param bundle its name, with which their IDs, endpoints and beans begin
     * @param purge  Quartz cron expression, when to purge the ledger, or null if never
     */
    public MachineRoutes(String bundle, String purge) {
        this.bundle = bundle;
        this.purge = purge;
    }

    @Override
    public void configure() {
        for (String route : new String[] {"receive", "batch", "write", "collection", "dead-letter"}) {
            templatedRoute("sequin-" + route).routeId(bundle + "-" + route).parameter("bundle", bundle);
        }
        for (String call : new String[] {"ack", "nack"}) {
            templatedRoute("sequin-settle")
                    .routeId(bundle + "-" + call)
                    .parameter("bundle", bundle)
                    .parameter("call", call);
        }
        if (purge != null) {
            templatedRoute("sequin-purge")
                    .routeId(bundle + "-purge")
                    .parameter("bundle", bundle)
                    .parameter("cron", purge);
        }
    }
}
