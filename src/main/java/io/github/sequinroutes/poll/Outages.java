package io.github.sequinroutes.poll;

import io.github.sequinroutes.failure.Durations;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outages of a bundle, whichever of its workers notices: a line when one begins, one a minute while it lasts, one for
 * each other error, and one when it is over. Thread-safe.
 */
public final class Outages {
    private static final Logger LOG = LoggerFactory.getLogger(Outages.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /** An error may quote what differs each time. */
    private static final int MAX_ERRORS = 10;

    /** What can fail. */
    enum End {
        SEQUIN("Outage of Sequin (sequin.url)"),
        POSTGRES("Outage of PostgreSQL (postgres.url)"),
        BATCHES("Batches fail");

        private final String name;

        End(String name) {
            this.name = name;
        }
    }

    private static final class Outage {
        final long beganAt;
        final Set<String> errors = new HashSet<>();
        long toldAt;
        int attempts;

        Outage(long now) {
            beganAt = now;
        }

        /** Whether there is something to say. */
        boolean isNews(String error, long now) {
            boolean isNews = errors.size() < MAX_ERRORS && errors.add(error);
            if (isNews || now - toldAt >= MINUTE) {
                toldAt = now;
                return true;
            }
            return false;
        }
    }

    private final String bundle;
    private final LongSupplier clock;
    private final Map<End, Outage> outages = new EnumMap<>(End.class);

    /** Those of a bundle; {@code bundle} is its name, empty if there is no other. */
    public Outages(String bundle) {
        this(bundle, System::nanoTime);
    }

    Outages(String bundle, LongSupplier clock) {
        this.bundle = bundle.isEmpty() ? "" : "Bundle " + bundle + ": ";
        this.clock = clock;
    }

    /** Notes a failed attempt. */
    synchronized void failed(End end, String error) {
        long now = clock.getAsLong();
        Outage outage = outages.computeIfAbsent(end, any -> new Outage(now));
        outage.attempts++;
        if (outage.isNews(error, now)) {
            String since = outage.attempts == 1
                    ? ""
                    : " for " + Durations.inWords(now - outage.beganAt) + ", " + outage.attempts + " failed attempts";
            LOG.warn("{}{}{}: {}. Nothing is lost; trying again until it is over.", bundle, end.name, since, error);
        }
    }

    /** Notes an attempt that has worked, and when it began: one from before the outage does not end that. */
    synchronized void worked(End end, long beganAt) {
        Outage outage = outages.get(end);
        if (outage != null && beganAt - outage.beganAt >= 0) {
            outages.remove(end);
            LOG.info(
                    "{}{}: over after {} and {} failed attempt{}.",
                    bundle,
                    end.name,
                    Durations.inWords(clock.getAsLong() - outage.beganAt),
                    outage.attempts,
                    outage.attempts == 1 ? "" : "s");
        }
    }
}
