package io.github.sequinroutes.message;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** The messages of a batch that go through one route, in the order in which they came. */
public final class Group implements Iterable<Message> {
    /** The variable with the messages that a route works on, whatever its steps make of the body. */
    public static final String VARIABLE = "sequinGroup";

    /** The order of rows, the same for every worker: two that lock rows in different orders can deadlock. */
    private static final Comparator<Message> BY_KEY =
            Comparator.comparing(Message::key).thenComparing(Message::collection);

    private final String route;
    private final List<Message> messages;
    private final Lease lease;
    private RuntimeException failure;
    private boolean beganLate;
    private boolean ranOutOfTime;

    /** Messages that go through the route with this ID, in this order. */
    public Group(String route, List<Message> messages, Lease lease) {
        this.route = route;
        this.messages = messages;
        this.lease = lease;
    }

    /** What the messages have in common: the ID of their route. */
    public String route() {
        return route;
    }

    /** Some of its messages, for the same route and in the same time. */
    public Group part(List<Message> some) {
        return new Group(route, some, lease);
    }

    /** Notes that its route begins. */
    public void begin() {
        beganLate = lease.isLate();
        messages.forEach(Message::begin);
    }

    /** Notes that a sink begins to write some of it. */
    public void sinkBegins() {
        ranOutOfTime |= !beganLate && lease.isLate();
    }

    /** Whether the steps of its route have taken the time in which it could be written. */
    public boolean ranOutOfTime() {
        return ranOutOfTime;
    }

    /** Notes why a sink could not go on with it, which its route may not keep to itself. */
    public void fail(RuntimeException why) {
        failure = why;
    }

    /** Why a sink could not go on with it, or null. */
    public RuntimeException failure() {
        return failure;
    }

    /** How many messages it has. */
    public int size() {
        return messages.size();
    }

    /** The time in which they can be written. */
    public Lease lease() {
        return lease;
    }

    /** For the author of a route with steps of its own, who has not split it. */
    @Override
    public String toString() {
        return "a batch of " + size() + " messages, not one: split it before a step that is for one message";
    }

    @Override
    public Iterator<Message> iterator() {
        return messages.iterator();
    }

    /** The messages that are still pending: nothing has become of them, and nothing is known to be wrong with them. */
    public List<Message> pending() {
        return messages.stream().filter(Message::isPending).toList();
    }

    /** The messages that cannot be written, as it stands. */
    public List<Message> rejected() {
        return messages.stream().filter(message -> message.rejection() != null).toList();
    }

    /** Whether something has become of each: it may be acked, or will be a dead letter. */
    public boolean isSettled() {
        return messages.stream().allMatch(message -> message.outcome().isDurable() || message.rejection() != null);
    }

    /** Leaves all that are pending unacked for now, and returns them. */
    public List<Message> leaveUnacked() {
        return messages.stream().filter(Message::leaveUnacked).toList();
    }

    /** Notes that a route of the user's own has written them all, and returns them. */
    public Group markWritten() {
        pending().forEach(message -> message.settle(Outcome.WRITTEN));
        return this;
    }

    /**
     * The same in rounds, each to be written after the one before: a version that lacks values cannot stand for the older
     * ones, from which the row has these values. Usually there is one round.
     */
    public static List<List<Message>> rounds(Collection<Message> messages) {
        List<List<Message>> rounds = new ArrayList<>();
        rounds.add(new ArrayList<>());
        for (Message newest : newest(messages)) {
            Deque<Message> versions = new ArrayDeque<>();
            Message version = newest;
            while (version.older() != null && version.lacksValues()) {
                versions.push(version);
                version = version.older();
            }
            versions.push(version);
            Message before = null;
            for (int round = 0; !versions.isEmpty(); round++) {
                Message next = versions.pop();
                if (before != null) {
                    next.separate();
                    next.after(before);
                }
                if (round == rounds.size()) {
                    rounds.add(new ArrayList<>());
                }
                rounds.get(round).add(next);
                before = next;
            }
        }
        return rounds;
    }

    /** Each record of these messages once, as its newest version, which links to the older ones; in the order of keys. */
    public static List<Message> newest(Collection<Message> messages) {
        messages.forEach(Message::separate); // they may have been joined before, in an attempt that failed
        TreeMap<Message, Message> records = new TreeMap<>(BY_KEY);
        for (Message message : messages) {
            Message known = records.remove(message);
            Message newest = known == null ? message : known.join(message);
            records.put(newest, newest);
        }
        return new ArrayList<>(records.values());
    }
}
