package io.github.sequinroutes.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A consumer as the Consume API describes it: a queue in which each record exists once, shared by competing workers,
 * at least once. A message that is not acked within {@code ack_wait} is delivered again. While a version of a record is
 * in flight a newer one is withheld; when the lease of the first expires, the newer one takes its place.
 * Thread-safe.
 */
public final class SandboxConsumer {
    /** A message in the queue; {@code key} says which record it is about, or is null if it stands for itself. */
    private static final class Entry {
        final String key;
        final String record;
        long position;
        int deliveries;
        long leaseEnds;
        Entry newer;

        Entry(String key, String record) {
            this.key = key;
            this.record = record;
        }
    }

    /** What a worker gets: a token and the record's JSON. */
    public record Delivery(String token, String record) {}

    /** The answer to a request for messages. */
    public record Answer(List<Delivery> deliveries, int pending, int ackPending) {}

    private final long ackWaitNanos;
    private final int maxAckPending;
    private final TreeMap<Long, Entry> pending = new TreeMap<>();
    private final Map<String, Entry> byKey = new HashMap<>();
    private final Map<String, Entry> inFlight = new LinkedHashMap<>();
    private long lastPosition;
    private long delivered;

    /** A consumer with its lease and the most messages that may be in flight. */
    public SandboxConsumer(Duration ackWait, int maxAckPending) {
        this.ackWaitNanos = ackWait.toNanos();
        this.maxAckPending = maxAckPending;
    }

    /** Offers the newest version of a record: it takes the place of an older one that has not been delivered. */
    public synchronized void offer(String key, String record) {
        Entry entry = new Entry(key, record);
        Entry known = byKey.get(key);
        if (known != null && known.leaseEnds != 0) {
            known.newer = entry;
            return;
        }
        if (known != null) {
            pending.remove(known.position);
        }
        byKey.put(key, entry);
        append(entry);
    }

    /** Offers a message as it is, beside whatever else the queue holds: late, twice, or malformed. */
    public synchronized void offerAsIs(String record) {
        append(new Entry(null, record));
    }

    /** Takes up to {@code batchSize} messages; waits until there are that many, or the time is over. */
    public synchronized Answer next(int batchSize, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        expire();
        while (Math.min(pending.size(), maxAckPending - inFlight.size()) < batchSize) {
            long left = Math.min(end, nextExpiry()) - System.nanoTime();
            if (end - System.nanoTime() <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
            expire();
        }
        List<Delivery> deliveries = new ArrayList<>();
        while (deliveries.size() < batchSize && !pending.isEmpty() && inFlight.size() < maxAckPending) {
            Entry entry = pending.pollFirstEntry().getValue();
            entry.deliveries++;
            entry.leaseEnds = System.nanoTime() + ackWaitNanos;
            String token = Long.toString(entry.position, 36) + "." + entry.deliveries;
            inFlight.put(token, entry);
            deliveries.add(new Delivery(token, entry.record));
            delivered++;
        }
        return new Answer(deliveries, pending.size(), inFlight.size());
    }

    /** Acks messages; tokens that are unknown, expired or used before are ignored. */
    public synchronized void ack(List<String> tokens) {
        expire();
        for (String token : tokens) {
            Entry entry = inFlight.remove(token);
            if (entry != null) {
                byKey.remove(entry.key, entry);
                release(entry.newer);
            }
        }
        notifyAll();
    }

    /** Makes messages available again at once. */
    public synchronized void nack(List<String> tokens) {
        for (String token : tokens) {
            Entry entry = inFlight.remove(token);
            if (entry != null) {
                giveBack(entry);
            }
        }
        notifyAll();
    }

    /** How many messages have not been delivered, or not acked in time. */
    public synchronized int pending() {
        expire();
        return pending.size();
    }

    /** How many messages are in flight. */
    public synchronized int ackPending() {
        expire();
        return inFlight.size();
    }

    /** How many messages have been delivered, redeliveries included. */
    public synchronized long delivered() {
        return delivered;
    }

    private void append(Entry entry) {
        entry.position = ++lastPosition;
        pending.put(entry.position, entry);
        notifyAll();
    }

    private void release(Entry entry) {
        if (entry != null) {
            byKey.put(entry.key, entry);
            append(entry);
        }
    }

    private void giveBack(Entry entry) {
        entry.leaseEnds = 0;
        if (entry.newer == null) {
            pending.put(entry.position, entry);
        } else {
            release(entry.newer);
        }
    }

    private void expire() {
        long now = System.nanoTime();
        List<String> expired = inFlight.entrySet().stream()
                .filter(e -> e.getValue().leaseEnds - now <= 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!expired.isEmpty()) {
            nack(expired);
        }
    }

    private long nextExpiry() {
        return inFlight.values().stream().mapToLong(e -> e.leaseEnds).min().orElse(Long.MAX_VALUE);
    }
}
