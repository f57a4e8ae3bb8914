package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
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

    /** What stands for the collections without a route: there can be any number of them. */
    public static final String NO_ROUTE = "(no route)";

    private final Map<String, CollectionCounters> collections = new ConcurrentHashMap<>();
    private final AtomicLong newestMillis = new AtomicLong();
    private final AtomicLong inHand = new AtomicLong();
    private Consumer<CollectionCounters> whenAdded = counters -> {};
    private volatile String bundle = "";
    private final DeadLetterLog deadLetters = new DeadLetterLog();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    /** Nothing has been received yet. */
    public OutcomeCounters() {
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
        collection(NO_ROUTE);
    }

    /** Has what is logged name the bundle from now on: there are others. */
    public void nameBundle(String name) {
        deadLetters.nameBundle(name);
        bundle = "Bundle " + name + ": ";
    }

    /** The counters of a collection, which has a route or is ignored. */
    CollectionCounters collection(String collection) {
        CollectionCounters known = collections.get(collection);
        return known == null ? add(collection) : known;
    }

    private synchronized CollectionCounters add(String collection) {
        return collections.computeIfAbsent(collection, id -> {
            CollectionCounters added = new CollectionCounters(id);
            whenAdded.accept(added);
            return added;
        });
    }

    /** Has a listener told of the counters of each collection, those that are there and those to come. */
    public synchronized void whenAdded(Consumer<CollectionCounters> listener) {
        whenAdded = listener;
        collections.values().forEach(listener);
    }

    /** The counters of all collections of which there were messages, or may be. */
    public Collection<CollectionCounters> all() {
        return collections.values();
    }

    /** The newest of the times of written records, in milliseconds since 1970, of which one of each batch is looked at; or 0. */
    public long newestMillis() {
        return newestMillis.get();
    }

    private void noteTime(Batch batch) {
        List<Message> messages = batch.messages();
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message last = messages.get(i); // the newest, or nearly so
            if (last.outcome() == Outcome.WRITTEN) {
                // a clock that is ahead must not hide what comes
                long millis = Math.min(System.currentTimeMillis(), last.format().timeMillis(last));
                newestMillis.accumulateAndGet(millis, Math::max);
                return;
            }
        }
    }

    /** Notes that a batch is being written. */
    void begin(Batch batch) {
        inHand.addAndGet(batch.messages().size());
    }

    /** How many messages are being written. */
    public long inHand() {
        return inHand.get();
    }

    /** Counts the messages of a batch, and logs dead letters, and the first of a collection that are written. */
    void count(Batch batch) {
        inHand.addAndGet(-batch.messages().size());
        batch.messages().forEach(message -> counts.get(message.outcome()).increment());
        noteTime(batch);
        firstWritten(batch).forEach(LOG::info);
        deadLetters.count(batch.messages());
    }

    /** Logs dead letters that have not been told yet, if it is time. */
    public void tellDeadLetters() {
        deadLetters.tell();
    }

    /** Logs all dead letters that have not been told yet: there will be no more. */
    public void tellAllDeadLetters() {
        deadLetters.tellAll();
    }

    /** What is to be said of collections that have written nothing before: each works. */
    List<String> firstWritten(Batch batch) {
        Map<String, Long> written = batch.messages().stream()
                .filter(message -> message.outcome() == Outcome.WRITTEN && !begun.contains(message.collection()))
                .collect(Collectors.groupingBy(Message::collection, TreeMap::new, Collectors.counting()));
        return written.entrySet().stream()
                .filter(one -> begun.size() < MAX_COLLECTIONS && begun.add(one.getKey()))
                .map(one -> "%sRecords of %s are written, %d so far."
                        .formatted(bundle, Printable.line(one.getKey()), one.getValue()))
                .toList();
    }

    /** How many messages have been settled. */
    public long durable() {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().isDurable())
                .mapToLong(count -> count.getValue().sum())
                .sum();
    }

    /** How many messages had this outcome. */
    public long of(Outcome outcome) {
        return counts.get(outcome).sum();
    }
}
