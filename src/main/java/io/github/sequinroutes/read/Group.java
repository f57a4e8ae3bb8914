package io.github.sequinroutes.read;

import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** The messages of one collection in a batch, or a part of them: what one execution of a template writes. */
public final class Group implements Iterable<Message> {
    private final String collection;
    private final List<Message> messages;
    private final Lease lease;
    private final boolean firstTry;

    Group(String collection, List<Message> messages, Lease lease, boolean firstTry) {
        this.firstTry = firstTry;
        this.lease = lease;
        this.collection = collection;
        this.messages = messages;
    }

    /** The collection ID, or null if the messages belong to no collection. */
    public String getCollection() {
        return collection;
    }

    /** Whether the messages belong to no collection. */
    public boolean isMalformed() {
        return collection == null;
    }

    /** How many records it holds. */
    public int getSize() {
        return messages.size();
    }

    /** Whether the lease is too far gone to begin to write: it would be written late, when others have it too. */
    public boolean isLate() {
        return lease.isLateForWriting();
    }

    @Override
    public Iterator<Message> iterator() {
        return messages.iterator();
    }

    /** Whether this is not yet a part of a group that was tried before. */
    public boolean isFirstTry() {
        return firstTry;
    }

    /** The same messages, to be tried a second time. */
    public Group getAgain() {
        return new Group(collection, messages, lease, false);
    }

    /** The two halves of this group. */
    public List<Group> getHalves() {
        int middle = messages.size() / 2;
        return List.of(
                new Group(collection, messages.subList(0, middle), lease, false),
                new Group(collection, messages.subList(middle, messages.size()), lease, false));
    }

    /** For a group of one record: a group of its next older version, or none. */
    public List<Group> getOlder() {
        Message older = messages.get(0).older();
        return older == null ? List.of() : List.of(new Group(collection, List.of(older), lease, false));
    }

    /** The messages that match. */
    public Group only(Predicate<Message> wanted) {
        return new Group(collection, messages.stream().filter(wanted).toList(), lease, firstTry);
    }

    /** Those of the messages that are no deletions. */
    public Group getPresent() {
        return only(message -> !message.isDeleted());
    }

    /** Those of the messages that are deletions. */
    public Group getDeleted() {
        return only(Message::isDeleted);
    }

    /** Notes that the group is committed in its table, and returns it. */
    public Group getWritten() {
        messages.forEach(Message::written);
        return this;
    }

    /** Notes that the group stays unacked until its lease is over, and returns it. */
    public Group getHeld() {
        for (Message newest : messages) {
            for (Message message = newest; message != null; message = message.older()) {
                message.settle(Outcome.HELD);
            }
        }
        return this;
    }
}
