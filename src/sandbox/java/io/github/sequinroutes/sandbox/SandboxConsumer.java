package io.github.sequinroutes.sandbox;

import io.github.sequinroutes.sandbox.Leases.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A consumer as the Consume API describes it: a queue in which each record exists once, shared by competing workers,
 * at least once. A message that is not acked within {@code ack_wait} is delivered again. While a version of a record is
 * in flight a newer one is withheld; when the lease of the first expires, the newer one takes its place. Thread-safe.
 */
public final class SandboxConsumer {
    /** What a worker gets: a token, and the message that it stands for. */
    public record Delivery(String token, Message message) {
        /** The record's JSON. */
        public String record() {
            return message.record();
        }
    }

    /** What a request for messages gets. */
    public record NextResult(List<Delivery> deliveries, int pending, int ackPending) {}

    private final Duration ackWait;
    private final int maxAckPending;
    private final LongSupplier nanoClock;
    private final TreeMap<Long, Message> pending = new TreeMap<>();
    private final Map<String, Message> byKey = new HashMap<>();
    private final Leases inFlight;
    private volatile Consumer<List<String>> ackObserver; // or null
    private int maxMessages = Integer.MAX_VALUE;
    private long lastPosition;
    private long delivered;

    /** A consumer with its lease and the maximum number of messages in flight. */
    public SandboxConsumer(Duration ackWait, int maxAckPending) {
        this(ackWait, maxAckPending, System::nanoTime);
    }

    SandboxConsumer(Duration ackWait, int maxAckPending, LongSupplier nanoClock) {
        this.ackWait = ackWait;
        this.maxAckPending = maxAckPending;
        this.nanoClock = nanoClock;
        inFlight = new Leases(ackWait, nanoClock);
    }

    /** Offers the newest version of a record: it takes the place of an older one that has not been delivered. */
    public synchronized void offer(String key, String record) {
        expire();
        Message message = new Message(key, record.getBytes(StandardCharsets.UTF_8));
        Message known = byKey.get(key);
        if (known != null && known.leased) {
            known.newer = message;
            return;
        }
        if (known != null) {
            pending.remove(known.position);
        }
        byKey.put(key, message);
        append(message);
    }

    /** Offers a message as it is, beside whatever else is in the queue: late, twice, or malformed. */
    public void offerAsIs(String record) {
        offerAsIs(record.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with a message in UTF-8, or what claims to be; it is kept, not copied. */
    public synchronized void offerAsIs(byte[] record) {
        append(new Message(null, record));
    }

    /** From now on a response holds no more messages than that, whatever is asked for. */
    public synchronized void answerAtMost(int messages) {
        maxMessages = messages;
    }

    /** Takes up to {@code batchSize} messages; waits until there are that many, or the time is over. */
    public synchronized NextResult next(int batchSize, Duration wait) throws InterruptedException {
        long end = nanoClock.getAsLong() + wait.toNanos();
        int limit = Math.min(batchSize, maxMessages);
        expire();
        while (deliverable() < limit) {
            long left = end - nanoClock.getAsLong();
            if (left <= 0) {
                break;
            }
            // at least 1 ms: a time of 0 would be no wait at all
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(Math.min(left, inFlight.untilNextEnd()), 1_000_000));
            expire();
        }
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = Math.min(limit, deliverable()); i > 0; i--) {
            Message message = pending.pollFirstEntry().getValue();
            deliveries.add(new Delivery(inFlight.lease(message), message));
        }
        delivered += deliveries.size();
        return new NextResult(deliveries, pending.size(), inFlight.size());
    }

    /** Acks messages; tokens that are unknown, expired or used before are ignored. */
    public void ack(List<String> tokens) {
        Consumer<List<String>> observer = ackObserver;
        if (observer != null) {
            observer.accept(records(tokens));
        }
        synchronized (this) {
            expire();
            for (Message message : inFlight.end(tokens)) {
                byKey.remove(message.key, message);
                release(message.newer);
            }
            notifyAll();
        }
    }

    /** Makes messages available again at once; tokens that are unknown, expired or used before are ignored. */
    public synchronized void nack(List<String> tokens) {
        expire();
        giveBack(inFlight.end(tokens));
    }

    /**
     * Has the records of each ack observed before it is applied, in the thread of the request and without a lock.
     * Records whose token is unknown, expired or used before are left out.
     */
    public void observeAcks(Consumer<List<String>> observer) {
        ackObserver = observer;
    }

    /** As if the server had been restarted: what was in flight is available again, and no token is known any more. */
    public synchronized void restart() {
        giveBack(inFlight.endAll());
    }

    /** How many messages wait to be delivered, for the first time or again. */
    public synchronized int pending() {
        expire();
        return pending.size();
    }

    /** How many messages are in flight. */
    public synchronized int ackPending() {
        expire();
        return inFlight.size();
    }

    /** How many messages are not acked, all at one moment: pending and in flight. */
    public synchronized int left() {
        return pending.size() + inFlight.size();
    }

    /** How many messages have been delivered, redeliveries included. */
    public synchronized long delivered() {
        return delivered;
    }

    /** The lease. */
    public Duration ackWait() {
        return ackWait;
    }

    /** The maximum number of messages in flight. */
    public int maxAckPending() {
        return maxAckPending;
    }

    private synchronized List<String> records(List<String> tokens) {
        expire();
        return inFlight.records(tokens);
    }

    private int deliverable() {
        return Math.min(pending.size(), maxAckPending - inFlight.size());
    }

    private void append(Message message) {
        message.position = ++lastPosition;
        pending.put(message.position, message);
        notifyAll();
    }

    private void release(Message newer) {
        if (newer != null) {
            byKey.put(newer.key, newer);
            append(newer);
        }
    }

    private void giveBack(List<Message> messages) {
        for (Message message : messages) {
            if (message.newer == null) {
                pending.put(message.position, message);
            } else {
                release(message.newer);
            }
        }
        notifyAll();
    }

    private void expire() {
        List<Message> expired = inFlight.endExpired();
        if (!expired.isEmpty()) {
            giveBack(expired);
        }
    }
}
