package io.github.sequinroutes.poll;

import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;

/** Starts the workers: a route from the template {@code poll} for each. */
public final class Workers extends RouteBuilder {
    private static final String EVERY_SECOND = "* * * * * ?";

    private final int workers;
    private final Worker.Pace pace;
    private final String schedule;
    private final Gate gate;

    /**
     * The workers of a consumer.
     *
     * @param workers  how many
     * @param pace     how each works
     * @param schedule {@code continuous}, or a Quartz cron expression: each firing drains the consumer
     * @param gate     when they may fetch messages
     */
    public Workers(int workers, Worker.Pace pace, String schedule, Gate gate) {
        this.workers = workers;
        this.pace = pace;
        this.schedule = schedule;
        this.gate = gate;
    }

    @Override
    public void configure() {
        for (int i = 1; i <= workers; i++) {
            String name = name(i);
            bindToRegistry(name, new Worker(pace, gate));
            templatedRoute("poll")
                    .routeId(name)
                    .parameter("worker", name)
                    .parameter("cron", pace.continuous() ? EVERY_SECOND : schedule);
        }
    }

    /** Starts them, once the collections have their routes: before, a message would be of an unknown collection. */
    public void start(CamelContext context) throws Exception {
        for (int i = 1; i <= workers; i++) {
            context.getRouteController().startRoute(name(i));
        }
    }

    private static String name(int number) {
        return "worker-" + number;
    }
}
