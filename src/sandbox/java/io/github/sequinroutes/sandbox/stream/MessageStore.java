package io.github.sequinroutes.sandbox.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The messages of a sink by their places in the stream, each from its arrival to its ack and, for a restart, for some time
 * after. Of a group only the oldest message is delivered. Leases end when somebody looks. Not thread-safe.
 */
final class MessageStore {
    /** A message in its place. */
    static final class Stored {
        final StreamMessage message;
        final long position;
        private final Group group;
        private String ackId = UUID.randomUUID().toString();
        private long leaseEnds;

        Stored(StreamMessage message, long position, Group group) {
            this.message = message;
            this.position = position;
            this.group = group;
        }

        /** What it is acked by, until a restart. */
        String ackId() {
            return ackId;
        }
    }

    private static final class Group {
        final Object key; // or null if it is of a single message
        final TreeMap<Long, Stored> messages = new TreeMap<>();
        Stored ready; // or null

        Group(Object key) {
            this.key = key;
        }
    }

    private final LongSupplier clock;
    private final long lease;
    private final int remembered;
    private final Map<Object, Group> groups = new HashMap<>();
    private final Map<String, Stored> byAckId = new HashMap<>();
    // in the order of delivery; as all leases are equally long, also in the order in which they end
    private final Set<Stored> leased = new LinkedHashSet<>();
    private final TreeMap<Long, Stored> ready = new TreeMap<>();
    private final TreeMap<Long, Stored> acked = new TreeMap<>();
    private long lastPosition;

    /** A store with its lease in nanoseconds, and how many acked messages it can bring back. */
    MessageStore(long lease, int remembered, LongSupplier nanoClock) {
        this.lease = lease;
        this.remembered = remembered;
        clock = nanoClock;
    }

    /** Adds a message at the end, of a group that it waits for, or of none if that is null. */
    void add(StreamMessage message, Object groupKey) {
        Group group = groupKey == null ? new Group(null) : groups.computeIfAbsent(groupKey, Group::new);
        put(new Stored(message, ++lastPosition, group));
    }

    /** Leases up to so many messages, the oldest first, at most one of a group. */
    List<Stored> take(int limit) {
        List<Stored> taken = new ArrayList<>();
        while (taken.size() < limit && !ready.isEmpty()) {
            Stored stored = ready.firstEntry().getValue();
            stored.leaseEnds = clock.getAsLong() + lease;
            leased.add(stored);
            refresh(stored.group);
            taken.add(stored);
        }
        return taken;
    }

    /** Ends those leases whose time is over. */
    void endExpired() {
        long now = clock.getAsLong();
        while (!leased.isEmpty() && leased.iterator().next().leaseEnds - now <= 0) {
            release(leased.iterator().next());
        }
    }

    /** Removes a message, whoever holds it; nothing happens if the ID is not, or no more, one of a message. */
    Stored ack(String ackId) {
        Stored stored = byAckId.remove(ackId);
        if (stored != null) {
            Group group = stored.group;
            group.messages.remove(stored.position);
            leased.remove(stored);
            refresh(group);
            if (group.messages.isEmpty() && group.key != null) {
                groups.remove(group.key, group);
            }
            remember(stored);
        }
        return stored;
    }

    /** Makes a message deliverable again; nothing happens if the ID is not one of a message. */
    void nack(String ackId) {
        Stored stored = byAckId.get(ackId);
        if (stored != null) {
            release(stored);
        }
    }

    /** What the ID stands for, or null. */
    Stored find(String ackId) {
        return byAckId.get(ackId);
    }

    /**
     * Ends all leases, gives all messages new IDs, and brings back the last {@code replayed} ones that were acked.
     *
     * @return how many it brought back: it may remember fewer
     */
    int restart(int replayed) {
        List<Stored> all = new ArrayList<>(byAckId.values());
        NavigableMap<Long, Stored> newestFirst = acked.descendingMap();
        for (int i = 0; i < replayed && !newestFirst.isEmpty(); i++) {
            Stored stored = newestFirst.pollFirstEntry().getValue();
            all.add(new Stored(
                    stored.message,
                    stored.position,
                    stored.group.key == null ? new Group(null) : groups.computeIfAbsent(stored.group.key, Group::new)));
        }
        int back = all.size() - byAckId.size();
        byAckId.clear();
        leased.clear();
        for (Stored stored : all) {
            stored.ackId = UUID.randomUUID().toString();
            put(stored);
        }
        return back;
    }

    /** How many messages are not acked. */
    int size() {
        return byAckId.size();
    }

    /** How many of them are in flight. */
    int leased() {
        return leased.size();
    }

    private void put(Stored stored) {
        byAckId.put(stored.ackId, stored);
        stored.group.messages.put(stored.position, stored);
        refresh(stored.group);
    }

    private void release(Stored stored) {
        leased.remove(stored);
        refresh(stored.group);
    }

    /** Has the oldest message of a group be the one that is deliverable, unless it is in flight. */
    private void refresh(Group group) {
        Stored oldest =
                group.messages.isEmpty() ? null : group.messages.firstEntry().getValue();
        Stored next = oldest == null || leased.contains(oldest) ? null : oldest;
        if (group.ready != null) {
            ready.remove(group.ready.position);
        }
        group.ready = next;
        if (next != null) {
            ready.put(next.position, next);
        }
    }

    private void remember(Stored stored) {
        if (!stored.message.action().equals("read")) { // the slot has no reads
            acked.put(stored.position, stored);
            if (acked.size() > remembered) {
                acked.pollFirstEntry();
            }
        }
    }
}
