package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The tokens of a collection's messages that are left unacked, until they are given back. Thread-safe. */
final class UnackedTokens {
    /** More than are usually in flight; any others come again when their lease is over. */
    static final int LIMIT = 50_000;

    private final Set<String> tokens = new LinkedHashSet<>();

    /** Keeps those of these messages. */
    synchronized void keep(List<Message> messages) {
        for (Message message : messages) {
            if (message.ackToken() != null && tokens.size() < LIMIT) {
                tokens.add(message.ackToken());
            }
        }
    }

    synchronized boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** Takes at most so many, chosen at random: the first may all be of records at fault. */
    synchronized List<String> take(int limit) {
        List<String> taken = new ArrayList<>(tokens);
        if (taken.size() > limit) {
            Collections.shuffle(taken, ThreadLocalRandom.current());
            taken.subList(limit, taken.size()).clear();
        }
        taken.forEach(tokens::remove);
        return taken;
    }
}
