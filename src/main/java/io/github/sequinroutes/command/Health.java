package io.github.sequinroutes.command;

import io.github.sequinroutes.durable.Database;
import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.write.Collections;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.main.Main;

/**
 * Whether records flow: the server answers every worker, the database answers, and no collection is paused.
 * Says whether the process is ready, not whether it lives: starting it again would mend none of this.
 */
final class Health extends AbstractHealthCheck {
    private final Main main;
    private final Database database;
    private final Collections collections;
    private final long stalledMillis;

    /** A worker that has had no answer for {@code stalledMillis} is stalled; 0 if workers may rest for long. */
    Health(Main main, Database database, Collections collections, long stalledMillis) {
        super("sequin", "records");
        this.main = main;
        this.database = database;
        this.collections = collections;
        this.stalledMillis = stalledMillis;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
        result.up();
        main.getCamelContext().getRegistry().findByTypeWithName(Worker.class).forEach((name, worker) -> {
            if (worker.failure() != null) {
                down(result, name, worker.failure());
            } else if (stalledMillis > 0 && worker.millisSinceAnswer() > stalledMillis) {
                down(result, name, "no answer for " + worker.millisSinceAnswer() / 1000 + " s");
            }
        });
        try {
            database.prepare();
        } catch (SQLException e) {
            down(result, "postgres", Failures.describe(e));
        }
        collections.problems().forEach((collection, problem) -> down(result, collection, problem));
    }

    private static void down(HealthCheckResultBuilder result, String what, String why) {
        result.down().detail(what, why);
        result.message(what + ": " + why);
    }
}
