package io.github.sequinroutes.config;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.OptionalLong;

/** Every key of a bundle with its default and its bounds; README.md says what they mean. */
public final class Keys {
    public static final Key<String> URL =
            new Key<>("url", null, Validators::url, value -> value.replaceFirst("/$", ""));
    public static final Key<String> API = Key.text("api", "consume", Validators.oneOf("consume", "stream"));
    public static final Key<String> CONSUMER =
            Key.text("consumer", null, Validators.matches("[A-Za-z0-9._~-]+", "a consumer's ID or name"));
    public static final Key<String> TOKEN = Key.text("token", "", Validators::token);
    /** Of a file that holds the token. */
    public static final Key<String> TOKEN_FILE = Key.text("token-file", "", value -> null);

    /** The authorities that issued the server's certificate, beside those that the JVM trusts; empty if none. */
    public static final Key<List<X509Certificate>> CA_FILE =
            new Key<>("ca-file", "", CertificateFile::problem, CertificateFile::read);

    /** The way to the server, or null: then it is that of the host or the JVM. */
    public static final Key<HttpProxy> PROXY = new Key<>("proxy", "", HttpProxy::problem, HttpProxy::read);

    public static final Key<Integer> BATCH_SIZE = Key.number("batch-size", "1000", 1, 1000);
    /** In milliseconds; a stop waits for the long poll in flight. */
    public static final Key<Long> WAIT_FOR = Key.millis("wait-for", "5s", 0, 30_000);

    public static final Key<Integer> WORKERS = Key.number("workers", "2", 1, 64);
    public static final Key<Integer> WRITERS = Key.number("writers", "64", 1, 64);
    /** {@code continuous}, or a Quartz cron expression. */
    public static final Key<String> SCHEDULE = Key.text("schedule", "continuous", Validators::schedule);

    public static final Key<Long> ACK_WAIT = Key.millis("ack-wait", "30s", 500, 86_400_000);
    /** In bytes. */
    public static final Key<Integer> MAX_RECORD_SIZE = Key.number("max-record-size", "16777216", 1, 500_000_000);

    /** Whether a template is executed as one statement for many records where it can be ({@code auto}). */
    public static final Key<String> SETS = Key.text("sets", "auto", Validators.oneOf("auto", "rows"));

    public static final Key<Integer> DEAD_LETTERS_PER_SECOND =
            Key.number("dead-letters-per-second", "100", 1, 1_000_000);
    public static final Key<List<String>> RETRY =
            Key.list("failures.retry", "08, 25, 26, 40, 42P05, 53, 55, 57, 58", Validators::sqlStates);
    public static final Key<List<String>> STOP = Key.list("failures.stop", "0A, 28, 3D, 3F, 42", Validators::sqlStates);
    public static final Key<List<String>> REJECT =
            Key.list("failures.reject", "09, 21, 22, 23, 27, 38, 39, 44, 54, P0", Validators::sqlStates);
    /** Whether a record that times out again and again stays unacked. */
    public static final Key<Boolean> LEAVES_TIMED_OUT_UNACKED =
            new Key<>("timed-out", "dead-letter", Validators.oneOf("dead-letter", "hold"), "hold"::equals);

    public static final Key<List<String>> IGNORE = Key.list("ignore", "", Validators::collections);
    public static final Key<Long> LEDGER_RETENTION = Key.millis("ledger-retention", "7d", 1, 3_650L * 86_400_000);
    /** In milliseconds since the replay; empty: they are kept. */
    public static final Key<OptionalLong> DEAD_LETTER_RETENTION = new Key<>(
            "dead-letter-retention",
            "keep",
            value -> value.equals("keep") ? null : LEDGER_RETENTION.check().apply(value),
            value -> value.equals("keep")
                    ? OptionalLong.empty()
                    : OptionalLong.of(LEDGER_RETENTION.read().apply(value)));

    public static final Key<String> LEDGER_PURGE = Key.text("ledger-purge", "0 17 * * * ?", Validators::cron);
    public static final Key<String> ROUTES = Key.text("routes", "routes", Validators::routes);
    /** Whether files of collections that change are loaded without a restart; of a folder on disk only. */
    public static final Key<Boolean> RELOAD =
            new Key<>("reload", "true", Validators.oneOf("true", "false"), "true"::equals);

    public static final Key<Boolean> MIGRATE =
            new Key<>("migrate", "true", Validators.oneOf("true", "false"), "true"::equals);
    /** Whether an error that check finds at start pauses its collection; else it is only logged. */
    public static final Key<Boolean> CHECK_PAUSES =
            new Key<>("check", "pause", Validators.oneOf("pause", "log"), "pause"::equals);

    /** All of them, in the order in which a person is told. */
    public static final List<Key<?>> ALL = List.of(
            URL,
            API,
            CONSUMER,
            TOKEN,
            TOKEN_FILE,
            CA_FILE,
            PROXY,
            BATCH_SIZE,
            WAIT_FOR,
            WORKERS,
            WRITERS,
            SCHEDULE,
            ACK_WAIT,
            MAX_RECORD_SIZE,
            SETS,
            DEAD_LETTERS_PER_SECOND,
            RETRY,
            STOP,
            REJECT,
            LEAVES_TIMED_OUT_UNACKED,
            IGNORE,
            LEDGER_RETENTION,
            DEAD_LETTER_RETENTION,
            LEDGER_PURGE,
            ROUTES,
            RELOAD,
            CHECK_PAUSES,
            MIGRATE);

    private Keys() {}
}
