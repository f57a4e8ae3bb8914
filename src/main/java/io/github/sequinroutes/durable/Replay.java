package io.github.sequinroutes.durable;

import io.github.sequinroutes.durable.DeadLetterTable.Filter;
import io.github.sequinroutes.durable.DeadLetterTable.Letter;
import io.github.sequinroutes.read.Batch;
import io.github.sequinroutes.read.Lease;
import io.github.sequinroutes.read.Outcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;

/**
 * Sends dead letters through the same routes as when they were received: the same guards keep old versions out, and
 * what fails again is the same dead letter again, with one more attempt.
 */
public final class Replay {
    private static final int BATCH = 500;
    /** No server waits for these messages, but a write that takes so long is no use to anybody. */
    private static final long LEASE_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private final DeadLetterTable table;
    private final CamelContext context;

    /** Replays from a table through the routes of a started context. */
    public Replay(DeadLetterTable table, CamelContext context) {
        this.table = table;
        this.context = context;
    }

    /**
     * Replays those that match, once each, and counts what has become of them.
     *
     * @throws Exception if the database is away; what was replayed before is noted as such
     */
    public Map<Outcome, Integer> run(Filter filter) throws Exception {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        try (ProducerTemplate routes = context.createProducerTemplate()) {
            List<Letter> letters = table.waiting(filter, 0, BATCH);
            while (!letters.isEmpty()) {
                Batch batch = Batch.of(letters.stream().map(Letter::message).toList(), new Lease(LEASE_MILLIS));
                try {
                    routes.sendBody("direct:sequin-dispatch", batch);
                } finally {
                    settle(letters, batch, counts);
                }
                letters = table.waiting(filter, letters.get(letters.size() - 1).id(), BATCH);
            }
        }
        return counts;
    }

    private void settle(List<Letter> letters, Batch batch, Map<Outcome, Integer> counts) throws SQLException {
        List<Long> replayed = new ArrayList<>();
        for (int i = 0; i < letters.size(); i++) {
            Outcome outcome = batch.messages().get(i).outcome();
            counts.merge(outcome, 1, Integer::sum);
            if (outcome == Outcome.WRITTEN || outcome == Outcome.SUPERSEDED) {
                replayed.add(letters.get(i).id());
            }
        }
        table.replayed(replayed);
    }
}
