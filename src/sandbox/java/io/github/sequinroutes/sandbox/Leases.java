package io.github.sequinroutes.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The messages in flight, each with the token of its last delivery. Not thread-safe. */
final class Leases {
    /** A message in the queue; {@code key} says which record it is about, or is null if it stands for itself. */
    static final class Message {
        final String key;
        /** The record's JSON, kept as it is sent: a delivery is to cost as little as it can. */
        final byte[] utf8;

        long position;
        int deliveries;
        boolean leased;
        long leaseEnds;
        Message newer;

        Message(String key, byte[] utf8) {
            this.key = key;
            this.utf8 = utf8;
        }

        String record() {
            return new String(utf8, StandardCharsets.UTF_8);
        }
    }

    private final long nanos;
    private final LongSupplier clock;
    // in the order of delivery; as all leases are equally long, also in the order in which they end
    private final Map<String, Message> byToken = new LinkedHashMap<>();

    Leases(Duration lease, LongSupplier nanoClock) {
        nanos = lease.toNanos();
        clock = nanoClock;
    }

    /** Leases a message, and returns a token that was never used before. */
    String lease(Message message) {
        message.deliveries++;
        message.leased = true;
        message.leaseEnds = clock.getAsLong() + nanos;
        String token = Long.toString(message.position, 36) + "." + message.deliveries;
        byToken.put(token, message);
        return token;
    }

    /** Ends the leases of those tokens that are in use, and returns their messages. */
    List<Message> end(List<String> tokens) {
        List<Message> ended = new ArrayList<>();
        for (String token : tokens) {
            Message message = byToken.remove(token);
            if (message != null) {
                message.leased = false;
                ended.add(message);
            }
        }
        return ended;
    }

    /** Ends all leases that have run out, and returns their messages. */
    List<Message> endExpired() {
        List<String> expired = new ArrayList<>();
        long now = clock.getAsLong();
        for (Map.Entry<String, Message> lease : byToken.entrySet()) {
            if (lease.getValue().leaseEnds - now > 0) {
                break;
            }
            expired.add(lease.getKey());
        }
        return end(expired);
    }

    /** Ends all leases, and returns their messages. */
    List<Message> endAll() {
        return end(List.copyOf(byToken.keySet()));
    }

    /** The records of those tokens that are in use. */
    List<String> records(List<String> tokens) {
        return tokens.stream()
                .filter(byToken::containsKey)
                .map(token -> byToken.get(token).record())
                .toList();
    }

    /** In how many nanoseconds the next lease ends. */
    long untilNextEnd() {
        Iterator<Message> messages = byToken.values().iterator();
        return messages.hasNext() ? messages.next().leaseEnds - clock.getAsLong() : Long.MAX_VALUE;
    }

    /** How many messages are in flight. */
    int size() {
        return byToken.size();
    }
}
