package io.github.sequinroutes.assembly;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.poll.DeadLetterPace;
import io.github.sequinroutes.poll.Deliveries;
import io.github.sequinroutes.poll.HeldBack;
import io.github.sequinroutes.poll.Outages;
import io.github.sequinroutes.poll.Pace;
import io.github.sequinroutes.poll.Workers;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.builder.RouteBuilder;

/** Polls a consumer for one route of the host's, which begins at {@code direct:<name>-records}, and acks what that completes. */
public final class Feed {
    private final BundleConfig config;
    private final ServerBeans server;
    private final Deliveries deliveries;
    private final Workers workers;
    private final Scheduler scheduler;
    private CamelContext context;
    private final List<String> routeIds = new ArrayList<>();
    private ContextLife life;
    private ProducerTemplate template;

    /**
     * A feed that is not in a context yet: nothing happens.
     *
     * @param oneByOne whether the route gets each message by itself, rather than those of a batch together
     */
    public Feed(BundleConfig config, boolean oneByOne) {
        this.config = config;
        server = new ServerBeans(config, () -> template);
        deliveries = new Deliveries(config.name(), oneByOne, () -> template);
        scheduler = new Scheduler(config);
        String title = config.isUnnamed() ? "" : config.name();
        Pace pace = new Pace(
                server.api(),
                server.sizes(),
                config.get(Keys.WAIT_FOR),
                config.isContinuous(),
                new DeadLetterPace(config.get(Keys.DEAD_LETTERS_PER_SECOND)),
                deliveries::areHeld,
                needsProbe -> giveBack(),
                server.advice(),
                new Outages(title),
                server.ackFailures(),
                new HeldBack(title, config.get(Keys.ACK_WAIT)));
        workers = new Workers(config.name(), config.get(Keys.WORKERS), pace, config.get(Keys.SCHEDULE), server.gate());
        server.put("collections", deliveries);
        server.put("deliveries", deliveries);
        server.putAll(workers.byName());
    }

    private boolean giveBack() throws Exception {
        List<String> tokens = deliveries.takeReturnable();
        server.acks().giveBack(tokens);
        return !tokens.isEmpty();
    }

    /**
     * Adds it to a context, with which it starts and stops.
     *
     * @throws IllegalStateException if there is a bundle or feed of this name already
     */
    public void addTo(CamelContext host) throws Exception {
        server.bind(host.getRegistry());
        context = host;
        template = host.createProducerTemplate();
        scheduler.addTo(host);
        life = ContextLife.follow(host, this::start, server.gate()::close, scheduler::end);
    }

    private final class DeliveryRoutes extends RouteBuilder {
        @Override
        public void configure() {
            templatedRoute("sequin-deliver").routeId(config.nameOf("deliver")).parameter("bundle", config.name());
        }
    }

    private void start() {
        try {
            Flow.addTo(context, config.routesUri());
            routeIds.addAll(
                    ServerRoutes.add(context, new ServerRoutes(config, server.api()), new DeliveryRoutes(), workers));
            workers.start(context);
            scheduler.start(context);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
        server.gate().open();
    }

    /** What its route gets as its body. */
    public Deliveries deliveries() {
        return deliveries;
    }

    /** Takes it out of its context again. */
    public void remove() throws Exception {
        server.gate().close();
        life.forget();
        ServerRoutes.remove(context, routeIds, workers);
        scheduler.removeFrom(context);
        server.unbind(context.getRegistry());
        template.close();
    }
}
