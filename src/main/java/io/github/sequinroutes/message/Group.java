package io.github.sequinroutes.message;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** The messages of a batch that go through one route, in the order in which they came. */
public final class Group implements Iterable<Message> {
    /** The variable with the messages that a route works on, whatever its steps make of the body. */
    public static final String VARIABLE = "sequinGroup";

    /** The order of rows, the same for every worker: two that lock rows in different orders can deadlock. */
    private static final Comparator<Message> BY_KEY =
            Comparator.comparing(Message::id).thenComparing(Message::collection);

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

    /** Whether each may be acked. */
    public boolean isDurable() {
        return messages.stream().allMatch(message -> message.outcome().isDurable());
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
