package io.github.sequinroutes.poll;

import io.github.sequinroutes.failure.DatabaseAwayException;
import io.github.sequinroutes.failure.Durations;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.HttpFailures;
import io.github.sequinroutes.failure.LeaseExpiredException;
import io.github.sequinroutes.message.AckFailedException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outages of a bundle, whichever of its workers notices: a line when one begins, one a minute while it lasts, one for
 * each other error, and one when it is over. Thread-safe.
 */
public final class Outages {
    private static final Logger LOG = LoggerFactory.getLogger(Outages.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /**
     * What one worker cannot do another may, with other messages, so an outage is not over with the first success: the pause
     * after a failure of the database, and the next attempt, take less time.
     */
    private static final long CALM = TimeUnit.SECONDS.toNanos(10);

    /** An error may quote what differs each time. */
    private static final int MAX_ERRORS = 10;

    /** What differs of one error: counts of bytes or seconds, but no status and no SQLSTATE, and how the connection was lost. */
    private static final Pattern VARYING =
            Pattern.compile("(?<!answered |SQLSTATE )\\b\\d+\\b|It says: [^()]*(?=\\(SQLSTATE 08006\\))");

    /** The statement at which it was noticed does not matter. */
    private static final Pattern READ_ONLY = Pattern.compile("^.*(?=\\(SQLSTATE 25006\\))");

    /** What can fail. */
    public enum End {
        SEQUIN("Outage of Sequin"),
        POSTGRES("Outage of PostgreSQL"),
        BATCHES("Batches fail"),
        ACKS(
                "Acks fail",
                "Nothing is lost: what is written and not acked comes again when its lease is over, and is written again");

        private final String name;
        private final String outlook;

        End(String name) {
            this(name, "Nothing is lost; trying again until it is over");
        }

        End(String name, String outlook) {
            this.name = name;
            this.outlook = outlook;
        }

        /** What a failure of a worker is of. */
        static End of(Throwable failure) {
            if (ObjectHelper.getException(LeaseExpiredException.class, failure) != null) {
                return BATCHES;
            }
            if (ObjectHelper.getException(AckFailedException.class, failure) != null) {
                return ACKS;
            }
            boolean isPostgres = Failures.sqlCause(failure) != null
                    || ObjectHelper.getException(DatabaseAwayException.class, failure) != null;
            return isPostgres ? POSTGRES : SEQUIN;
        }

        /** The same: a server that is away takes no acks either, and is told of once, unless acks have failed for long. */
        static End of(Throwable failure, boolean haveAcksFailed) {
            End end = of(failure);
            return end == ACKS && !haveAcksFailed && HttpFailures.isAway(failure) ? SEQUIN : end;
        }
    }

    /**
     * What has noticed that something fails. An outage is over when each that has noticed it works again, and nothing has
     * failed for some seconds.
     */
    public enum Attempt {
        /** Somebody asks the database once a second, whatever the workers do. */
        PROBE,
        /** A worker asks the database, before it fetches messages. */
        PREPARATION,
        /** A worker fetches messages, writes them or acks them. */
        BATCH
    }

    private static final class Outage {
        final long beganAt;
        final Set<String> errors = new HashSet<>();
        final Set<Attempt> failing = EnumSet.noneOf(Attempt.class);
        long minuteAt;
        /** When all worked again, if nothing is failing. */
        long workedAt;

        int attempts;
        String title = "";

        Outage(long now) {
            beganAt = now;
            minuteAt = now + MINUTE;
        }

        /** Whether there is something to say. */
        boolean isNews(String error, long now) {
            boolean isAnother = errors.size() < MAX_ERRORS && errors.add(kind(error));
            boolean isMinute = now - minuteAt >= 0;
            if (isMinute) {
                minuteAt = now + MINUTE;
            }
            return isAnother || isMinute;
        }
    }

    private static String kind(String error) {
        return READ_ONLY.matcher(VARYING.matcher(error).replaceAll("")).replaceFirst("");
    }

    private final String bundle;
    private final LongSupplier clock;
    private final Map<End, Outage> outages = new EnumMap<>(End.class);
    private final Map<End, Long> overAt = new EnumMap<>(End.class);

    /** Those of a bundle; {@code bundle} is its name, empty if there is no other. */
    public Outages(String bundle) {
        this(bundle, System::nanoTime);
    }

    Outages(String bundle, LongSupplier clock) {
        this.bundle = bundle.isEmpty() ? "" : "Bundle " + bundle + ": ";
        this.clock = clock;
    }

    /**
     * Notes a failed attempt: one from before the last outage was over is a part of that.
     *
     * @param beganAt when it began, on the monotonic clock
     * @param place   where to look, such as a key; empty if nowhere
     * @param error   what is wrong and what to do
     */
    public synchronized void failed(End end, Attempt attempt, long beganAt, String place, String error) {
        tellOver();
        Long over = overAt.get(end);
        if (over != null && beganAt - over < 0 && !isFailing(end)) {
            return;
        }
        long now = clock.getAsLong();
        Outage outage = outages.computeIfAbsent(end, any -> new Outage(now));
        outage.attempts++;
        outage.failing.add(attempt);
        outage.title = bundle + end.name + (place.isEmpty() ? "" : " (" + place + ")");
        if (outage.isNews(error, now)) {
            String since = outage.attempts == 1
                    ? ""
                    : " for " + Durations.inWords(now - outage.beganAt) + ", " + outage.attempts + " failed attempts";
            LOG.warn("{}{}: {}. {}.", outage.title, since, error, end.outlook);
        }
    }

    private boolean isFailing(End end) {
        return outages.containsKey(end) && !outages.get(end).failing.isEmpty();
    }

    /** Notes an attempt that has worked, and when it began: one from before the outage does not end that. */
    public synchronized void worked(End end, Attempt attempt, long beganAt) {
        Outage outage = outages.get(end);
        if (outage != null
                && beganAt - outage.beganAt >= 0
                && outage.failing.remove(attempt)
                && outage.failing.isEmpty()) {
            outage.workedAt = clock.getAsLong();
            overAt.put(end, outage.workedAt);
        }
        tellOver();
    }

    /** Tells which outages are over; to be called now and then, for it takes some seconds to know. */
    public synchronized void tellOver() {
        long now = clock.getAsLong();
        outages.values().removeIf(outage -> {
            boolean isOver = outage.failing.isEmpty() && now - outage.workedAt >= CALM;
            if (isOver) {
                LOG.info(
                        "{}: over after {} and {} failed attempt{}.",
                        outage.title,
                        Durations.inWords(outage.workedAt - outage.beganAt),
                        outage.attempts,
                        outage.attempts == 1 ? "" : "s");
            }
            return isOver;
        });
    }
}
