package io.github.sequinroutes.observe;

import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.observe.History.Sample;
import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.write.CollectionCounters;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.CountedOutcome;
import io.github.sequinroutes.write.OutcomeCounters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** How a bundle does, and how it did in the last hour: what the status page shows. Thread-safe. */
public final class Status {
    /** For how long a question to the database for dead letters may take, in seconds. */
    public static final int DATABASE_SECONDS = NewestDeadLetters.TIMEOUT_SECONDS;

    private final String bundle;
    private final Workers workers;
    private final Collections collections;
    private final Supplier<Set<String>> routes;
    private final BundleHealth health;
    private final Lag lag;
    private final NewestDeadLetters deadLetters;
    private final History history = new History();

    /**
     * What is to be shown.
     *
     * @param problems what is wrong with the workers, the server and the database
     */
    record Report(
            String name,
            List<Problem> problems,
            List<History.Point> history,
            List<CollectionReport> collections,
            NewestDeadLetters.View deadLetters) {}

    /** What is wrong, and with what. */
    record Problem(String of, String what) {}

    /**
     * How a collection does.
     *
     * @param state    {@code paused}, {@code failing}, {@code outdated}, {@code running}, {@code waiting} for its first
     *                 message, or {@code no-route} of those that have none
     * @param why      what is wrong, or null
     * @param messages how many there were since the start, by what has become of them
     */
    record CollectionReport(String name, String state, String why, Map<String, Long> messages) {}

    /**
     * Of a bundle with these parts.
     *
     * @param bundle      its name
     * @param routes      tells the collections that have a route
     * @param health      what is wrong with either end
     * @param staleMillis how long a response that nothing is left stands for the present, in milliseconds; 0 for ever
     * @param deadLetters its dead letters, which answer within {@link #DATABASE_SECONDS}
     */
    public Status(
            String bundle,
            Workers workers,
            Collections collections,
            Supplier<Set<String>> routes,
            BundleHealth health,
            long staleMillis,
            DeadLetterTable deadLetters) {
        this.bundle = bundle;
        this.workers = workers;
        this.collections = collections;
        this.routes = routes;
        this.health = health;
        lag = new Lag(workers, collections.outcomes(), staleMillis);
        this.deadLetters = new NewestDeadLetters(deadLetters);
    }

    /** Remembers how it does now; to be called every ten seconds. */
    public void sample() {
        history.add(now());
    }

    private Sample now() {
        OutcomeCounters outcomes = collections.outcomes();
        Worker latest = workers.latest();
        return new Sample(
                System.currentTimeMillis(), outcomes.durable(), lag.seconds(), latest == null ? -1 : latest.pending());
    }

    /** How it does, as an object to be written as JSON. Waits for nothing but, after a while, a second for the database. */
    public Object report() {
        return new Report(
                bundle,
                health.problemsOfEnds().stream()
                        .map(problem -> new Problem(problem.getKey(), problem.getValue()))
                        .toList(),
                history.points(now()),
                collections(),
                deadLetters.look());
    }

    private List<CollectionReport> collections() {
        Map<String, CollectionCounters> counters = new HashMap<>();
        collections.outcomes().all().forEach(one -> counters.put(one.collection(), one));
        Map<String, String> paused = collections.paused();
        Map<String, String> problems = collections.problems();
        Map<String, String> outdated = collections.outdated();
        Set<String> names = new TreeSet<>(counters.keySet());
        List.of(routes.get(), paused.keySet(), outdated.keySet()).forEach(names::addAll);
        List<CollectionReport> reports = new ArrayList<>();
        for (String name : names) {
            Map<String, Long> messages = messages(counters.get(name));
            boolean hasMessages = messages.values().stream().anyMatch(count -> count > 0);
            if (paused.containsKey(name)) {
                reports.add(new CollectionReport(name, "paused", paused.get(name), messages));
            } else if (problems.containsKey(name)) {
                reports.add(new CollectionReport(name, "failing", problems.get(name), messages));
            } else if (outdated.containsKey(name)) {
                reports.add(new CollectionReport(name, "outdated", outdated.get(name), messages));
            } else if (!name.equals(OutcomeCounters.NO_ROUTE)) {
                reports.add(new CollectionReport(name, hasMessages ? "running" : "waiting", null, messages));
            } else if (hasMessages) {
                reports.add(new CollectionReport(name, "no-route", null, messages));
            }
        }
        return reports;
    }

    private static Map<String, Long> messages(CollectionCounters counters) {
        Map<String, Long> messages = new TreeMap<>();
        for (CountedOutcome outcome : EnumSet.allOf(CountedOutcome.class)) {
            messages.put(outcome.toString(), counters == null ? 0 : counters.of(outcome));
        }
        return messages;
    }
}
