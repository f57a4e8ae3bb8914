package io.github.sequinroutes.poll;

import org.apache.camel.builder.RouteBuilder;

/** Starts the workers: a route from the template {@code poll} for each. */
public final class Workers extends RouteBuilder {
    private static final String CONTINUOUS = "continuous";
    private static final String EVERY_SECOND = "* * * * * ?";

    private final int workers;
    private final int batchSize;
    private final long waitForMillis;
    private final String schedule;

    /**
     * The workers of a consumer.
     *
     * @param workers       how many
     * @param batchSize     the most messages that each takes at once
     * @param waitForMillis how long the server may hold a request while there is no message, in milliseconds
     * @param schedule      {@code continuous}, or a Quartz cron expression: each firing drains the consumer
     */
    public Workers(int workers, int batchSize, long waitForMillis, String schedule) {
        this.workers = workers;
        this.batchSize = batchSize;
        this.waitForMillis = waitForMillis;
        this.schedule = schedule;
    }

    @Override
    public void configure() {
        boolean continuous = schedule.equals(CONTINUOUS);
        for (int i = 1; i <= workers; i++) {
            String name = "worker-" + i;
            bindToRegistry(name, new Worker(batchSize, waitForMillis, continuous));
            templatedRoute("poll")
                    .routeId(name)
                    .parameter("worker", name)
                    .parameter("cron", continuous ? EVERY_SECOND : schedule);
        }
    }
}
