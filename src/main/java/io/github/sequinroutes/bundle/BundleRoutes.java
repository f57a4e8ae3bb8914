package io.github.sequinroutes.bundle;

import org.apache.camel.builder.RouteBuilder;

/** The routes of a bundle that are there once, whatever its workers and collections, from the templates in its YAML. */
final class BundleRoutes extends RouteBuilder {
    private final BundleOptions options;
    private final String machine;
    private final boolean polling;

    /**
     * The routes of a bundle.
     *
     * @param machine the URI of the folder with its own YAML and SQL
     * @param polling whether it polls, and purges its ledger
     */
    BundleRoutes(BundleOptions options, String machine, boolean polling) {
        this.options = options;
        this.machine = machine;
        this.polling = polling;
    }

    @Override
    public void configure() {
        String bundle = options.name();
        for (String route : new String[] {"batches", "batch", "write", "collection", "dead-letter"}) {
            templatedRoute("sequin-" + route).routeId(bundle + "-" + route).parameter("bundle", bundle);
        }
        templatedRoute("sequin-receive")
                .routeId(bundle + "-receive")
                .parameter("bundle", bundle)
                .parameter("consumer", options.consumerUrl());
        for (String call : new String[] {"ack", "nack"}) {
            templatedRoute("sequin-settle")
                    .routeId(bundle + "-" + call)
                    .parameter("bundle", bundle)
                    .parameter("consumer", options.consumerUrl())
                    .parameter("call", call);
        }
        templatedRoute("sequin-store")
                .routeId(bundle + "-store")
                .parameter("bundle", bundle)
                .parameter("machine", machine);
        if (polling) {
            templatedRoute("sequin-purge")
                    .routeId(bundle + "-purge")
                    .parameter("bundle", bundle)
                    .parameter("machine", machine)
                    .parameter("retention", Long.toString(options.ledgerRetentionMillis()))
                    .parameter("cron", options.ledgerPurge());
        }
    }
}
