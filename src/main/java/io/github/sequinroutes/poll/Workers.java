package io.github.sequinroutes.poll;

import io.github.sequinroutes.sequin.AckFailures;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;

/** The workers of a bundle: two routes for each, from the templates {@code sequin-worker} and {@code sequin-poll}. */
public final class Workers extends RouteBuilder {
    private static final String EVERY_SECOND = "* * * * * ?";

    private final String bundle;
    private final Pace pace;
    private final String schedule;
    private final Map<String, Worker> workers = new LinkedHashMap<>();

    /**
     * The workers of a bundle.
     *
     * @param bundle   the name of the bundle
     * @param count    how many
     * @param pace     how each works
     * @param schedule {@code continuous}, or a Quartz cron expression: each firing drains the consumer
     * @param gate     when they may fetch messages
     */
    public Workers(String bundle, int count, Pace pace, String schedule, Gate gate) {
        this.bundle = bundle;
        this.pace = pace;
        this.schedule = schedule;
        for (int i = 1; i <= count; i++) {
            workers.put(bundle + "-worker-" + i, new Worker(pace, gate));
        }
    }

    @Override
    public void configure() {
        for (String name : workers.keySet()) {
            templatedRoute("sequin-poll")
                    .routeId(name + "-poll")
                    .parameter("bundle", bundle)
                    .parameter("worker", name);
            templatedRoute("sequin-worker")
                    .routeId(name)
                    .parameter("bundle", bundle)
                    .parameter("worker", name)
                    .parameter("cron", pace.continuous() ? EVERY_SECOND : schedule);
        }
    }

    /** Starts them, once the collections have their routes: before, a message would be of an unknown collection. */
    public void start(CamelContext context) throws Exception {
        for (String name : workers.keySet()) {
            context.getRouteController().startRoute(name);
        }
    }

    /** What is wrong with the consumer although it answers, in words for a person; or null. */
    public String problem() {
        return pace.sizes().problem() == null
                ? pace.heldBack().problem()
                : pace.sizes().problem();
    }

    /** Whether acks fail. */
    public AckFailures ackFailures() {
        return pace.ackFailures();
    }

    /** What fails. */
    public Outages outages() {
        return pace.outages();
    }

    /** Has a listener told of the responses to any of them from now on. */
    public void listen(Worker.Listener listener) {
        workers.values().forEach(worker -> worker.listen(listener));
    }

    /** How many of their requests have had this outcome. */
    public long polls(PollOutcome outcome) {
        return workers.values().stream()
                .mapToLong(worker -> worker.polls().of(outcome))
                .sum();
    }

    /** The one that has had a response last and is not failing, which knows best how many messages are left; or null. */
    public Worker latest() {
        return workers.values().stream()
                .filter(worker -> worker.hasResponded() && worker.failure() == null)
                .min(Comparator.comparing(Worker::millisSinceResponse))
                .orElse(null);
    }

    /** Each by its name, which is that of its bean and its route too. */
    public Map<String, Worker> byName() {
        return Collections.unmodifiableMap(workers);
    }
}
