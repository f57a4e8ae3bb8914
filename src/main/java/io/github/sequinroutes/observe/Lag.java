package io.github.sequinroutes.observe;

import io.github.sequinroutes.poll.Worker;
import io.github.sequinroutes.poll.Workers;
import io.github.sequinroutes.write.OutcomeCounters;
import java.util.concurrent.TimeUnit;

/**
 * How far a table is behind its source: nothing while the server has no more messages; else how old the newest written
 * record is, but no more than the time since there were none. So an outage after an idle night begins at 0. Thread-safe.
 */
final class Lag {
    private static final double MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final Workers workers;
    private final OutcomeCounters outcomes;
    private final long staleMillis;
    private final long startedMillis = System.currentTimeMillis();

    /** {@code staleMillis} is how long a response that nothing is left stands for the present; 0 for ever. */
    Lag(Workers workers, OutcomeCounters outcomes, long staleMillis) {
        this.workers = workers;
        this.outcomes = outcomes;
        this.staleMillis = staleMillis;
    }

    /** In seconds. */
    double seconds() {
        Worker latest = workers.latest();
        boolean isCaughtUp = latest != null
                && !latest.isBehind()
                && (staleMillis == 0 || latest.millisSinceResponse() < staleMillis);
        if (isCaughtUp) {
            return 0;
        }
        long caughtUpMillis = workers.byName().values().stream()
                .mapToLong(Worker::caughtUpMillis)
                .max()
                .orElse(0);
        return seconds(System.currentTimeMillis(), outcomes.newestMillis(), caughtUpMillis, startedMillis);
    }

    /** The same, of the times in milliseconds: of the newest written record, and of when nothing was left; 0 if there is none. */
    static double seconds(long now, long newest, long caughtUp, long started) {
        long since = Math.max(newest, caughtUp);
        return Math.max(0, now - (since == 0 ? started : since)) / MILLIS;
    }
}
