package io.github.sequinroutes.assembly;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import org.apache.camel.builder.RouteBuilder;

/** The routes of a bundle that are there once, whatever its workers and collections, from the templates in its YAML. */
final class BundleRoutes extends RouteBuilder {
    private final BundleConfig config;
    private final String machine;
    private final boolean polling;

    /**
     * The routes of a bundle.
     *
     * @param machine the URI of the folder with its own YAML and SQL
     * @param polling whether it polls, and purges its ledger
     */
    BundleRoutes(BundleConfig config, String machine, boolean polling) {
        this.config = config;
        this.machine = machine;
        this.polling = polling;
    }

    @Override
    public void configure() {
        String bundle = config.name();
        for (String route : new String[] {"write", "collection", "dead-letter"}) {
            templatedRoute("sequin-" + route).routeId(config.nameOf(route)).parameter("bundle", bundle);
        }
        templatedRoute("sequin-store")
                .routeId(config.nameOf("store"))
                .parameter("bundle", bundle)
                .parameter("machine", machine);
        if (polling) {
            config.get(Keys.DEAD_LETTER_RETENTION).ifPresent(this::purgeDeadLetters);
            templatedRoute("sequin-purge")
                    .routeId(config.nameOf("purge"))
                    .parameter("bundle", bundle)
                    .parameter("machine", machine)
                    .parameter("retention", Long.toString(config.get(Keys.LEDGER_RETENTION)))
                    .parameter("cron", config.get(Keys.LEDGER_PURGE));
        }
    }

    private void purgeDeadLetters(long retentionMillis) {
        templatedRoute("sequin-dead-letter-purge")
                .routeId(config.nameOf("dead-letter-purge"))
                .parameter("bundle", config.name())
                .parameter("machine", machine)
                .parameter("consumer", config.get(Keys.CONSUMER))
                .parameter("retention", Long.toString(retentionMillis))
                .parameter("cron", config.get(Keys.LEDGER_PURGE));
    }
}
