package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what has become of the messages, by outcome: their sum is what was received. A message that is delivered again
 * counts again. Thread-safe.
 */
public final class OutcomeCounters {
    private static final Logger LOG = LoggerFactory.getLogger(OutcomeCounters.class);

    /** A route for all collections can have any number of them. */
    private static final int MAX_COLLECTIONS = 1_000;

    private final DeadLetterLog deadLetters = new DeadLetterLog();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    /** Nothing has been received yet. */
    public OutcomeCounters() {
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    /** Counts the messages of a batch, and logs dead letters, and the first of a collection that are written. */
    void count(Batch batch) {
        batch.messages().forEach(message -> counts.get(message.outcome()).increment());
        firstWritten(batch).forEach(LOG::info);
        deadLetters.count(batch.messages());
    }

    /** Logs dead letters that have not been told yet, if it is time. */
    public void tellDeadLetters() {
        deadLetters.tell();
    }

    /** What is to be said of collections that have written nothing before: each works. */
    List<String> firstWritten(Batch batch) {
        Map<String, Long> written = batch.messages().stream()
                .filter(message -> message.outcome() == Outcome.WRITTEN && !begun.contains(message.collection()))
                .collect(Collectors.groupingBy(Message::collection, TreeMap::new, Collectors.counting()));
        return written.entrySet().stream()
                .filter(one -> begun.size() < MAX_COLLECTIONS && begun.add(one.getKey()))
                .map(one ->
                        "Records of %s are written, %d so far.".formatted(Printable.line(one.getKey()), one.getValue()))
                .toList();
    }

    /** How many messages had this outcome. */
    public long of(Outcome outcome) {
        return counts.get(outcome).sum();
    }
}
