package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The tokens of messages that are left unacked because the file of their collection is broken, or is being loaded, until
 * they are given back. Thread-safe.
 */
final class WaitingForFiles {
    private final long leaseNanos;
    private final Map<String, Waiting> tokens = new LinkedHashMap<>();

    private record Waiting(String collection, long since) {}

    WaitingForFiles(long leaseMillis) {
        leaseNanos = TimeUnit.MILLISECONDS.toNanos(leaseMillis);
    }

    /** Leaves messages unacked, and keeps their tokens: any beyond the limit come again when their lease is over. */
    synchronized void leave(List<Message> messages) {
        forgetExpired();
        for (Message message : messages) {
            if (message.leaveUnacked() && message.ackToken() != null && tokens.size() < UnackedTokens.LIMIT) {
                tokens.put(message.ackToken(), new Waiting(message.collection(), System.nanoTime()));
            }
        }
    }

    /** Keeps tokens of messages of a collection. */
    synchronized void keep(String collection, List<String> more) {
        more.forEach(token -> tokens.put(token, new Waiting(collection, System.nanoTime())));
    }

    synchronized boolean isEmpty() {
        forgetExpired();
        return tokens.isEmpty();
    }

    /** Takes the tokens of messages whose collection need not wait any more. */
    synchronized List<String> take(Predicate<String> mustWait) {
        Map<String, Boolean> known = new LinkedHashMap<>();
        List<String> taken = new ArrayList<>();
        tokens.forEach((token, waiting) -> {
            if (!known.computeIfAbsent(waiting.collection, mustWait::test)) {
                taken.add(token);
            }
        });
        tokens.keySet().removeAll(taken);
        return taken;
    }

    /** They come again by themselves, with other tokens. */
    private void forgetExpired() {
        Iterator<Waiting> oldest = tokens.values().iterator();
        while (oldest.hasNext() && System.nanoTime() - oldest.next().since > leaseNanos) {
            oldest.remove();
        }
    }
}
