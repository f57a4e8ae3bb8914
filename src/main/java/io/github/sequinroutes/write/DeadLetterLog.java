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

/** Logs how many messages became dead letters: the first of each reason at once, then once a minute. Thread-safe. */
final class DeadLetterLog {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /** A function of the user's can raise any SQLSTATE. */
    private static final int MAX_REASONS = 50;

    private static final int MAX_NAMES = 3;

    private static final class Told {
        private long at;
        private long untold;
        private long total;
        private final Collection<String> collections = new TreeSet<>();

        private void count(String collection) {
            untold++;
            total++;
            if (collections.size() <= MAX_NAMES) {
                collections.add(collection);
            }
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
        for (Message message : batch) {
            if (message.outcome() == Outcome.DEAD_LETTERED) {
                String reason = reason(message.rejection());
                if (!reasons.containsKey(reason) && reasons.size() >= MAX_REASONS) {
                    reason = "other reasons";
                }
                reasons.computeIfAbsent(reason, any -> new Told()).count(name(message));
            }
        }
        tell();
    }

    /** Says what is due, though nothing has come. */
    void tell() {
        tell(MINUTE);
    }

    /** Says what has not been said: nothing more will come. */
    void tellAll() {
        tell(0);
    }

    private synchronized void tell(long sinceLast) {
        long now = clock.getAsLong();
        reasons.forEach((reason, told) -> {
            boolean isFirst = told.untold == told.total;
            if (told.untold > 0 && (isFirst || now - told.at >= sinceLast)) {
                LOG.warn(
                        "{}{} {}: {}, of {}{}. See table sequin.dead_letters, or the command replay.",
                        bundle,
                        told.untold,
                        told.untold == 1 ? "message became a dead letter" : "messages became dead letters",
                        reason,
                        names(told.collections),
                        isFirst ? "" : "; in " + Durations.inWords(now - told.at) + ", " + told.total + " in all");
                told.at = now;
                told.untold = 0;
                told.collections.clear();
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
