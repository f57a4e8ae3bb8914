package io.github.sequinroutes.observe;

import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.deadletter.DeadLetterTable.Filter;
import io.github.sequinroutes.deadletter.DeadLetterTable.Summary;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.Printable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters that failed last, for whoever looks. The database is asked only when somebody does, seldom, and in a
 * thread of its own: only who looks after a while waits for it, and not for long. Thread-safe.
 */
final class NewestDeadLetters {
    /** How long a question to the database may take, in seconds. */
    static final int TIMEOUT_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(NewestDeadLetters.class);
    private static final int LIMIT = 10;
    /** More are as bad. */
    private static final int MAX_PENDING = 10_000;

    private static final int MAX_TEXT = 200;
    /** So much of an error has its beginning. */
    private static final int MAX_ERROR = 1_000;

    private static final long WAIT_MILLIS = 1_000;
    /** For a while nobody has looked. */
    private static final long STALE_SECONDS = 30;

    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** What takes long is asked the less often: it may take this part of the time. */
    private static final int SHARE = 20;

    /** Such as {@code routes/collections/a.upsert.sql:3:7: }, with no colon before that could be one of the error. */
    private static final Pattern PLACE =
            Pattern.compile("(?:(?!: ).)*?([^/\\\\: ]+:\\d+:\\d+: (?::#\\S+ for column \\S+: )?)", Pattern.DOTALL);

    /** A value that the server quotes before any colon; other names in quotes are those of columns and constraints. */
    private static final Pattern VALUE =
            Pattern.compile("(?:^|(?<=\\bvalue )|(?<=\\btime zone )|(?<=\\bsymbol ))\"(?:.*\"|.*$)", Pattern.DOTALL);

    private final DeadLetterTable table;
    private CompletableFuture<Void> question;
    private long nextNanos = System.nanoTime();
    private volatile Read read;
    private volatile String problem;

    private record Read(long pending, List<Summary> newest, long nanoTime) {
        long ageSeconds() {
            return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanoTime);
        }
    }

    /**
     * What is known.
     *
     * @param pending    how many are still to be replayed, {@code maxPending} of them stand for more; null if that is not known
     * @param ageSeconds how long ago the database said so
     * @param problem    why it does not say so now, or null
     */
    record View(Long pending, int maxPending, long ageSeconds, String problem, List<Row> newest) {}

    /**
     * A dead letter, without what it quotes of its record.
     *
     * @param id         its number in {@code sequin.dead_letters}
     * @param key        the ID of its record, or null
     * @param ageSeconds how long ago it failed last
     */
    record Row(
            long id,
            String collection,
            String key,
            String reason,
            String sqlstate,
            String error,
            int attempts,
            long ageSeconds) {}

    NewestDeadLetters(DeadLetterTable table) {
        this.table = table;
    }

    /** What is known now. */
    View look() {
        CompletableFuture<Void> asked = ask();
        if (problem == null && (read == null || read.ageSeconds() > STALE_SECONDS)) {
            try {
                asked.get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("The dead letters are not known yet", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Read known = read;
        if (known == null) {
            return new View(null, MAX_PENDING, 0, problem == null ? "no answer yet" : problem, List.of());
        }
        long age = known.ageSeconds();
        return new View(
                known.pending,
                MAX_PENDING,
                age,
                problem,
                known.newest.stream().map(summary -> row(summary, age)).toList());
    }

    private synchronized CompletableFuture<Void> ask() {
        if (question == null || (question.isDone() && System.nanoTime() - nextNanos >= 0)) {
            question = CompletableFuture.runAsync(this::read, task -> {
                Thread thread = new Thread(task, "newest-dead-letters");
                thread.setDaemon(true);
                thread.start();
            });
        }
        return question;
    }

    private void read() {
        long begin = System.nanoTime();
        boolean isAnswered = true;
        try {
            List<Summary> newest = table.newest(new Filter(null, null, null), LIMIT);
            read = new Read(table.countPending(MAX_PENDING), newest, System.nanoTime());
            problem = null;
        } catch (RuntimeException e) {
            LOG.debug("The dead letters cannot be read", e);
            problem = Failures.describe(e);
            isAnswered = Failures.isReportedByServer(e); // else it has cost the server nothing
        }
        long end = System.nanoTime();
        synchronized (this) {
            nextNanos = end + Math.max(REST_NANOS, isAnswered ? SHARE * (end - begin) : 0);
        }
    }

    private static Row row(Summary summary, long age) {
        return new Row(
                summary.id(),
                shortened(summary.collection()),
                shortened(summary.recordId()),
                summary.reason(),
                summary.sqlState(),
                headline(summary.error()),
                summary.attempts(),
                summary.ageSeconds() + age);
    }

    /**
     * The error up to its first colon, but for that of the place in a template, of which the file's name is enough. After
     * it the server quotes a value, and in its details a whole row: who may see this page may not therefore read the table.
     */
    static String headline(String error) {
        if (error == null) {
            return null;
        }
        String some = cut(error, MAX_ERROR);
        Matcher place = PLACE.matcher(some);
        int begin = place.lookingAt() ? place.end() : 0;
        int end = (some + " ").indexOf(": ", begin);
        String said = some.substring(begin, end < 0 ? some.length() : end).strip();
        said = VALUE.matcher(said).replaceFirst("\"...\"");
        return shortened(begin == 0 ? said : place.group(1) + said);
    }

    private static String shortened(String text) {
        return text == null ? null : Printable.line(cut(text, MAX_TEXT)) + (text.length() > MAX_TEXT ? "..." : "");
    }

    /** Half a character is none that JSON can have. */
    private static String cut(String text, int length) {
        return text.length() <= length
                ? text
                : text.substring(0, length - (Character.isHighSurrogate(text.charAt(length - 1)) ? 1 : 0));
    }
}
