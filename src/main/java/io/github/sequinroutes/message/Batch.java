package io.github.sequinroutes.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Messages that are written and acked together. */
public final class Batch {
    private final List<Message> messages;
    private final Lease lease;

    /** These messages, in the order in which they came. */
    public Batch(List<Message> messages, Lease lease) {
        this.messages = messages;
        this.lease = lease;
    }

    /** The messages, as received. */
    public List<Message> messages() {
        return messages;
    }

    /** Some of its messages, which go through the route with this ID. */
    public Group group(String route, List<Message> some) {
        return new Group(route, some, lease);
    }

    /** The messages that match, by their route. */
    public List<Group> groups(Predicate<Message> wanted, Function<Message, String> routeOf) {
        Map<String, List<Message>> routes = new LinkedHashMap<>();
        for (Message message : messages) {
            if (wanted.test(message)) {
                routes.computeIfAbsent(routeOf.apply(message), id -> new ArrayList<>())
                        .add(message);
            }
        }
        List<Group> groups = new ArrayList<>();
        routes.forEach((route, some) -> groups.add(new Group(route, some, lease)));
        return groups;
    }

    /** The tokens of exactly the durable messages: to be acked. */
    public List<String> durableTokens() {
        return tokens(Outcome::isDurable);
    }

    /** The tokens of the messages that could not be settled: to be given back, so that they come again at once. */
    public List<String> unsettledTokens() {
        return tokens(outcome -> outcome == Outcome.UNSETTLED);
    }

    private List<String> tokens(Predicate<Outcome> wanted) {
        // the server refuses a whole request for one token that it does not take
        return messages.stream()
                .filter(message -> wanted.test(message.outcome()))
                .map(Message::ackToken)
                .filter(token -> token != null && !token.isEmpty())
                .distinct()
                .toList();
    }
}
