package io.github.sequinroutes.sandbox.stream;

import io.github.sequinroutes.sandbox.stream.MessageStore.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** A sink of the Stream API with its messages, as the real server was seen to treat them. Thread-safe. */
public final class StreamSink {
    /** What a worker gets: an ack ID, and the message that it stands for. */
    public record Delivery(String ackId, StreamMessage message) {}

    private final String id = UUID.randomUUID().toString();
    private final String name;
    private final Set<String> tables;
    private final boolean isGrouped;
    private final LongSupplier clock;
    private final MessageStore store;
    private final Set<StreamMessage.Row> changed = new HashSet<>();
    private int watches;
    private SinkState state = SinkState.ACTIVE;
    private long deletedAt;
    private boolean isDeleting;
    private long delivered;
    private volatile Predicate<StreamMessage> poison = message -> false;
    private volatile Consumer<List<StreamMessage>> offerObserver = messages -> {};
    private volatile Consumer<List<StreamMessage>> ackObserver = messages -> {};

    StreamSink(String name, SinkOptions options, LongSupplier nanoClock) {
        this.name = name;
        tables = options.tables();
        isGrouped = options.isGrouped();
        clock = nanoClock;
        store = new MessageStore(options.ackWait().toNanos(), options.remembered(), nanoClock);
    }

    /** Its ID, by which requests may name it, too. */
    public String id() {
        return id;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Whether it delivers changes of a table, {@code schema.table}. */
    public boolean delivers(String collection) {
        return tables.isEmpty() || tables.contains(collection);
    }

    /** Adds messages at the end, at one moment. */
    public synchronized void offer(List<StreamMessage> messages) {
        offerObserver.accept(messages);
        for (StreamMessage message : messages) {
            store.add(message, isGrouped && !message.key().isEmpty() ? message.row() : null);
            if (watches > 0 && !message.action().equals("read")) {
                changed.add(message.row());
            }
        }
        notifyAll();
    }

    /** Adds what a backfill has read, but for rows that have changed since {@link #watchChanges}, which this ends. */
    public synchronized void offerReads(List<StreamMessage> reads) {
        offer(reads.stream().filter(read -> !changed.contains(read.row())).toList());
        if (--watches == 0) {
            changed.clear();
        }
    }

    /** From now on the rows that change are noted, until {@link #offerReads}. */
    public synchronized void watchChanges() {
        watches++;
    }

    /** Takes up to so many messages. Waits only while nothing at all is stored, as the real server does. */
    List<Delivery> receive(int limit, Duration wait) throws InterruptedException {
        List<Delivery> deliveries = new ArrayList<>();
        synchronized (this) {
            long end = clock.getAsLong() + wait.toNanos();
            long left = wait.toNanos();
            while (left > 0 && (store.size() == 0 || state() == SinkState.NO_STORE)) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
                left = end - clock.getAsLong();
            }
            if (state() != SinkState.ACTIVE) {
                return deliveries;
            }
            store.endExpired();
            for (Stored stored : store.take(limit)) {
                deliveries.add(new Delivery(stored.ackId(), stored.message));
            }
            delivered += deliveries.size();
        }
        for (Delivery delivery : deliveries) {
            if (poison.test(delivery.message())) {
                throw new NotEncodableException(delivery.message());
            }
        }
        return deliveries;
    }

    /** Acks messages; IDs of none are ignored. */
    void ack(List<String> ackIds) {
        ackObserver.accept(messages(ackIds));
        synchronized (this) {
            ackIds.forEach(store::ack);
        }
    }

    /** Makes messages deliverable again at once; IDs of none are ignored. */
    synchronized void nack(List<String> ackIds) {
        ackIds.forEach(store::nack);
    }

    /**
     * As after a restart of the replication: what is in flight comes again under a new ID, and so do the last
     * {@code replayed} changes that have been acked, the oldest first.
     *
     * @return how many of these come again: the sink may remember fewer
     */
    public synchronized int restart(int replayed) {
        int back = store.restart(replayed);
        notifyAll();
        return back;
    }

    /** From now on it responds like this. */
    public synchronized void state(SinkState changedTo) {
        state = changedTo;
        isDeleting = false;
        notifyAll();
    }

    /** Deletes it: requests are answered with 500 for that time, then with 404. */
    public synchronized void delete(Duration lingering) {
        state(SinkState.NO_STORE);
        isDeleting = true;
        deletedAt = clock.getAsLong() + lingering.toNanos();
    }

    /** How it responds. */
    public synchronized SinkState state() {
        return isDeleting && deletedAt - clock.getAsLong() <= 0 ? SinkState.DELETED : state;
    }

    /** Answers with such a message are errors from now on. */
    public void poison(Predicate<StreamMessage> poisonous) {
        poison = poisonous;
    }

    /** Has what is offered observed, before it can be delivered. */
    public void observeOffers(Consumer<List<StreamMessage>> observer) {
        offerObserver = observer;
    }

    /**
     * Has the messages of each ack observed before it is applied, in the thread of the request and without a lock. IDs
     * of no message are left out.
     */
    public void observeAcks(Consumer<List<StreamMessage>> observer) {
        ackObserver = observer;
    }

    /** How many messages are not acked. */
    public synchronized int left() {
        return store.size();
    }

    /** How many messages are in flight, as of the last request for messages. */
    public synchronized int inFlight() {
        return store.leased();
    }

    /** How many messages have been delivered, redeliveries included. */
    public synchronized long delivered() {
        return delivered;
    }

    private synchronized List<StreamMessage> messages(List<String> ackIds) {
        return ackIds.stream()
                .map(store::find)
                .filter(stored -> stored != null)
                .map(stored -> stored.message)
                .toList();
    }
}
