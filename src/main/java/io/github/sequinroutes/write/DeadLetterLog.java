package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Durations;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.message.Rejection;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how many messages became dead letters: the first of each reason at once, what comes with them after some seconds, then
 * once a minute. Thread-safe.
 */
final class DeadLetterLog {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /** What comes at once is told soon. */
    private static final long BURST = TimeUnit.SECONDS.toNanos(5);

    /** A function of the user's can raise any SQLSTATE. */
    private static final int MAX_REASONS = 50;

    private static final int MAX_NAMES = 3;

    private static final class Told {
        private long at;
        /** How long it is silent after that. */
        private long silence;
        /** When the first and the last came of those that are untold. */
        private long firstAt;

        private long lastAt;
        private long untold;
        private long total;
        private final Collection<String> collections = new TreeSet<>();

        private void count(String collection, long now) {
            firstAt = untold == 0 ? now : firstAt;
            lastAt = now;
            untold++;
            total++;
            if (collections.size() <= MAX_NAMES) {
                collections.add(collection);
            }
        }

        private boolean isFirst() {
            return untold == total;
        }

        private String since() {
            long nanos = lastAt - firstAt;
            String time = untold == 1 ? "" : nanos < SECOND ? "within 1 s, " : "in " + Durations.inWords(nanos) + ", ";
            return isFirst() ? "" : "; " + time + total + " in all";
        }

        private void told(long now) {
            boolean beginsBurst = isFirst() || firstAt - at >= MINUTE;
            silence = beginsBurst ? BURST : MINUTE;
            at = now;
            untold = 0;
            collections.clear();
        }
    }

    private final LongSupplier clock;
    private volatile String bundle = "";
    private final Map<String, Told> reasons = new TreeMap<>();

    DeadLetterLog() {
        this(System::nanoTime);
    }

    DeadLetterLog(LongSupplier clock) {
        this.clock = clock;
    }

    /** Has its lines name the bundle from now on: there are others. */
    void nameBundle(String name) {
        bundle = "Bundle " + name + ": ";
    }

    /** Counts those of a batch, and says what is new. */
    synchronized void count(Collection<Message> batch) {
        long now = clock.getAsLong();
        for (Message message : batch) {
            if (message.outcome() == Outcome.DEAD_LETTERED) {
                String reason = reason(message.rejection());
                if (!reasons.containsKey(reason) && reasons.size() >= MAX_REASONS) {
                    reason = "other reasons";
                }
                reasons.computeIfAbsent(reason, any -> new Told()).count(name(message), now);
            }
        }
        tell();
    }

    /** Says what is due, though nothing has come. */
    void tell() {
        tell(false);
    }

    /** Says what has not been said: nothing more will come. */
    void tellAll() {
        tell(true);
    }

    private synchronized void tell(boolean isEnd) {
        long now = clock.getAsLong();
        reasons.forEach((reason, told) -> {
            if (told.untold > 0 && (isEnd || told.isFirst() || now - told.at >= told.silence)) {
                LOG.warn(
                        "{}{} {}: {}, of {}{}. See table sequin.dead_letters, or the command replay.",
                        bundle,
                        told.untold,
                        told.untold == 1 ? "message became a dead letter" : "messages became dead letters",
                        reason,
                        names(told.collections),
                        told.since());
                told.told(now);
            }
        });
    }

    private static String name(Message message) {
        return message.collection() == null ? "no collection" : Printable.line(message.collection());
    }

    private static String names(Collection<String> collections) {
        String some = String.join(", ", collections.stream().limit(MAX_NAMES).toList());
        return collections.size() > MAX_NAMES ? some + ", ..." : some;
    }

    private static String reason(Rejection rejection) {
        return rejection.sqlState() == null
                ? rejection.reason()
                : rejection.reason() + " (SQLSTATE " + rejection.sqlState() + ")";
    }
}
