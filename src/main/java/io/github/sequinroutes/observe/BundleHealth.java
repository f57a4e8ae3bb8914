package io.github.sequinroutes.observe;

import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.sequin.Silence;
import io.github.sequinroutes.write.Collections;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Whether records flow: the server answers every worker, the database answers, and no collection is paused.
 * Says whether the process is ready, not whether it lives: restarting it would fix none of this.
 * Makes no request: it reads what the workers and the monitor have seen last, so it takes no time.
 */
public final class BundleHealth extends AbstractHealthCheck {
    /** Collection IDs come from the network, and there may be any number of them. */
    private static final int MAX_PROBLEMS = 20;

    private final Workers workers;
    private final DatabaseMonitor database;
    private final Collections collections;
    private final Silence silence;
    private final long stalledMillis;

    /**
     * The health of a bundle.
     *
     * @param id            the check's ID
     * @param workers       its workers
     * @param database      what has been seen of its database
     * @param collections   its collections
     * @param silence       whether its server lets somebody wait for too long
     * @param stalledMillis how long a worker may have had no answer before it is stalled; 0 if workers may rest for long
     */
    public BundleHealth(
            String id,
            Workers workers,
            DatabaseMonitor database,
            Collections collections,
            Silence silence,
            long stalledMillis) {
        super("sequin", id);
        this.workers = workers;
        this.database = database;
        this.collections = collections;
        this.silence = silence;
        this.stalledMillis = stalledMillis;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    /** What is wrong with the workers, the server and the database, in words for a person. */
    List<Map.Entry<String, String>> problemsOfEnds() {
        List<Map.Entry<String, String>> problems = new ArrayList<>();
        workers.byName().forEach((name, worker) -> {
            String problem = problem(worker);
            if (problem != null) {
                problems.add(Map.entry(name, problem));
            }
        });
        String server = workers.problem() == null ? silence.problem() : workers.problem();
        if (server != null) {
            problems.add(Map.entry("sequin", server));
        }
        String acks = workers.ackFailures().problem();
        if (acks != null) {
            problems.add(Map.entry("ack", acks));
        }
        if (database.problem() != null) {
            problems.add(Map.entry("postgres", database.problem()));
        }
        return problems;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
        List<Map.Entry<String, String>> problems = problemsOfEnds();
        collections.problems().forEach((collection, problem) -> problems.add(Map.entry(collection, problem)));
        if (problems.isEmpty()) {
            // what runs is as good as before; that the next start would not have it is worth knowing
            List<Map.Entry<String, String>> outdated = new ArrayList<>();
            collections
                    .outdated()
                    .forEach((collection, problem) ->
                            outdated.add(Map.entry(collection, "runs as before its files were changed: " + problem)));
            report(outdated, result.up());
        } else {
            report(problems, result.down());
        }
    }

    private String problem(Worker worker) {
        if (worker.failure() != null || stalledMillis == 0) {
            return worker.failure();
        }
        if (!worker.hasResponded()) {
            return worker.isPreparing()
                    ? "asks Sequin for nothing before PostgreSQL answers"
                    : "no answer from Sequin yet";
        }
        long millis = worker.millisSinceResponse();
        return millis > stalledMillis ? "no answer for " + millis / 1000 + " s" : null;
    }

    private static void report(List<Map.Entry<String, String>> problems, HealthCheckResultBuilder result) {
        List<String> lines = new ArrayList<>();
        problems.stream().limit(MAX_PROBLEMS).forEach(problem -> {
            result.detail(problem.getKey(), problem.getValue());
            lines.add(problem.getKey() + ": " + problem.getValue());
        });
        if (problems.size() > MAX_PROBLEMS) {
            lines.add("and %d more".formatted(problems.size() - MAX_PROBLEMS));
        }
        if (!lines.isEmpty()) {
            result.message(String.join("; ", lines));
        }
    }
}
