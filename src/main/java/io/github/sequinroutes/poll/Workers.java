package io.github.sequinroutes.poll;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;

/** The workers of a bundle: a bean and two routes for each, from the templates {@code sequin-worker} and {@code sequin-poll}. */
public final class Workers extends RouteBuilder {
    private static final String EVERY_SECOND = "* * * * * ?";

    private final String bundle;
    private final int count;
    private final Worker.Pace pace;
    private final String schedule;
    private final Gate gate;

    /**
     * The workers of a bundle.
     *
     * @param bundle   the name of the bundle
     * @param count    how many
     * @param pace     how each works
     * @param schedule {@code continuous}, or a Quartz cron expression: each firing drains the consumer
     * @param gate     when they may fetch messages
     */
    public Workers(String bundle, int count, Worker.Pace pace, String schedule, Gate gate) {
        this.bundle = bundle;
        this.count = count;
        this.pace = pace;
        this.schedule = schedule;
        this.gate = gate;
    }

    @Override
    public void configure() {
        for (String name : names()) {
            bindToRegistry(name, new Worker(pace, gate));
            templatedRoute("sequin-poll")
                    .routeId(name + "-poll")
                    .parameter("bundle", bundle)
                    .parameter("worker", name);
            templatedRoute("sequin-worker")
                    .routeId(name)
                    .parameter("worker", name)
                    .parameter("cron", pace.continuous() ? EVERY_SECOND : schedule);
        }
    }

    /** Starts them, once the collections have their routes: before, a message would be of an unknown collection. */
    public void start(CamelContext context) throws Exception {
        for (String name : names()) {
            context.getRouteController().startRoute(name);
        }
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(bundle + "-worker-" + i);
        }
        return names;
    }
}
