package io.github.sequinroutes.deadletter;

import io.github.sequinroutes.deadletter.DeadLetterTable.Filter;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.message.Rejection;
import io.github.sequinroutes.sequin.StoredMessages;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;

/**
 * Sends dead letters through the same routes as when they were received: the same guards keep old versions out, and
 * what fails again is the same dead letter again, with one more attempt.
 */
public final class Replay {
    /** No server waits for these messages, but a write that takes so long is no use to anybody. */
    private static final long LEASE_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private final DeadLetterTable table;
    private final CamelContext context;
    private final String bundle;

    /**
     * What has become of dead letters.
     *
     * @param outcomes how many of the replayed ones had each outcome
     * @param refused  the IDs of those that were not replayed, because it is not known what was received
     * @param failed   those that failed again, the oldest first; not all if they are many
     * @param left     the collections of those that could not be tried
     */
    public record Result(
            Map<Outcome, Integer> outcomes, List<Long> refused, List<Failed> failed, SortedSet<String> left) {}

    /** A dead letter that has failed again, and why. */
    public record Failed(long id, String collection, String recordId, Rejection rejection) {}

    /** Replays from a table through the routes of a bundle in a started context. */
    public Replay(DeadLetterTable table, CamelContext context, String bundle) {
        this.table = table;
        this.context = context;
        this.bundle = bundle;
    }

    /**
     * Replays the dead letters that match, once each, and counts what has become of them. Needs memory for one page.
     *
     * @param maxFailed of how many that fail again it tells why
     * @throws Exception if the database is away; what was replayed before is noted as such
     */
    public Result run(Filter filter, int maxFailed) throws Exception {
        Result result = new Result(new EnumMap<>(Outcome.class), new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
        try (ProducerTemplate routes = context.createProducerTemplate()) {
            OptionalLong last = OptionalLong.of(0);
            while (last.isPresent()) {
                // nothing of one page is kept when the next is read
                last = replayPage(filter, last.getAsLong(), routes, result, maxFailed);
            }
        }
        return result;
    }

    /** Replays a page of dead letters, and returns the last one's ID if there was one. */
    private OptionalLong replayPage(
            Filter filter, long afterId, ProducerTemplate routes, Result result, int maxFailed) {
        List<PendingDeadLetter> page = table.pending(filter, afterId);
        if (page.isEmpty()) {
            return OptionalLong.empty();
        }
        page.stream()
                .filter(PendingDeadLetter::isRefused)
                .map(PendingDeadLetter::id)
                .forEach(result.refused::add);
        List<PendingDeadLetter> deadLetters =
                page.stream().filter(deadLetter -> !deadLetter.isRefused()).toList();
        table.identify(deadLetters);
        List<Message> messages =
                deadLetters.stream().map(PendingDeadLetter::message).toList();
        try {
            routes.sendBody("direct:" + bundle + "-write", StoredMessages.batch(messages, new Lease(LEASE_MILLIS)));
        } finally {
            settle(deadLetters, result, maxFailed);
        }
        return OptionalLong.of(page.get(page.size() - 1).id());
    }

    private void settle(List<PendingDeadLetter> deadLetters, Result result, int maxFailed) {
        List<Long> replayed = new ArrayList<>();
        for (PendingDeadLetter deadLetter : deadLetters) {
            Message message = deadLetter.message();
            Outcome outcome = message.outcome();
            result.outcomes.merge(outcome, 1, Integer::sum);
            if (outcome == Outcome.WRITTEN || outcome == Outcome.SUPERSEDED) {
                replayed.add(deadLetter.id());
            } else if (outcome == Outcome.DEAD_LETTERED && result.failed.size() < maxFailed) {
                result.failed.add(new Failed(deadLetter.id(), message.collection(), message.id(), message.rejection()));
            } else if (!outcome.isDurable() && message.collection() != null) {
                result.left.add(message.collection());
            }
        }
        table.replayed(replayed);
    }
}
