package io.github.sequinroutes.read;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Messages that are written and acked together. */
public final class Batch {
    private final List<Message> messages;
    private final Lease lease;

    Batch(List<Message> messages, Lease lease) {
        this.messages = messages;
        this.lease = lease;
    }

    /**
     * A batch of messages that were received and kept before.
     *
     * @throws UnreadableAnswerException if one is not JSON
     */
    public static Batch of(List<String> kept, Lease lease) {
        List<Message> messages = new ArrayList<>();
        for (String message : kept) {
            byte[] answer = ("[" + message + "]").getBytes(StandardCharsets.UTF_8);
            Batches.read(new ByteArrayInputStream(answer), lease)
                    .forEachRemaining(batch -> messages.addAll(batch.messages));
        }
        return new Batch(messages, lease);
    }

    /** The messages, as received. */
    public List<Message> messages() {
        return messages;
    }

    /**
     * The messages by collection, and those that belong to none in a group of their own.
     * A group holds each record once, its newest version, with the older ones behind it; and in the order of the IDs,
     * so that two workers lock the rows of a table in the same order and cannot deadlock.
     */
    public List<Group> getGroups() {
        Map<String, Map<String, Message>> collections = new LinkedHashMap<>();
        List<Message> malformed = new ArrayList<>();
        for (Message message : messages) {
            if (message.problem() == null) {
                collections
                        .computeIfAbsent(message.collection(), collection -> new TreeMap<>())
                        .merge(message.id(), message, Message::join);
            } else {
                malformed.add(message);
            }
        }
        List<Group> groups = new ArrayList<>();
        collections.forEach((id, records) -> groups.add(new Group(id, List.copyOf(records.values()), lease, true)));
        if (!malformed.isEmpty()) {
            groups.add(new Group(null, malformed, lease, true));
        }
        return groups;
    }

    /** The tokens of exactly the durable messages: to be acked. */
    public Tokens getDurableTokens() {
        return tokens(Outcome::isDurable);
    }

    /** The tokens of the messages that could not be settled: to be given back, so that they come again at once. */
    public Tokens getUnsettledTokens() {
        return tokens(outcome -> outcome == Outcome.UNSETTLED);
    }

    private Tokens tokens(Predicate<Outcome> wanted) {
        return new Tokens(messages.stream()
                .filter(message -> message.ackToken() != null && wanted.test(message.outcome()))
                .map(Message::ackToken)
                .toList());
    }
}
