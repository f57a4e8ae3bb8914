package io.github.sequinroutes.bundle;

import io.github.sequinroutes.config.Validators;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.camel.util.TimeUtils;

/**
 * What a bundle is told: the keys of the README, each with its default, checked as a whole. Does not change.
 *
 * <pre>{@code
 * BundleOptions options = BundleOptions.of(Map.of("url", "http://localhost:7376", "consumer", "orders")::get);
 * }</pre>
 */
public final class BundleOptions {
    /** The name of the bundle of an application that has one. */
    public static final String DEFAULT_NAME = "sequin";

    private static final String PREFIX = "sequin.";

    private record Key(String fallback, Function<String, String> validator) {}

    /** Every key without its prefix, with its default (null: it must be given) and the validator of its value. */
    private static final Map<String, Key> KEYS = keys();

    private final String name;
    private final Map<String, String> values;
    private final Supplier<String> token;

    private static Map<String, Key> keys() {
        Map<String, Key> keys = new LinkedHashMap<>();
        keys.put("url", new Key(null, Validators::url));
        keys.put("api", new Key("consume", Validators.oneOf("consume")));
        keys.put("consumer", new Key(null, Validators.matches("[A-Za-z0-9._~-]+", "a consumer's ID or name")));
        keys.put("token", new Key("", Validators::token));
        keys.put("batch-size", new Key("1000", Validators.number(1, 1000)));
        // a stop waits for the long poll in flight
        keys.put("wait-for", new Key("5s", Validators.duration(0, 30_000)));
        keys.put("workers", new Key("2", Validators.number(1, 64)));
        keys.put("writers", new Key("64", Validators.number(1, 64)));
        keys.put("schedule", new Key("continuous", Validators::schedule));
        keys.put("ack-wait", new Key("30s", Validators.duration(500, 86_400_000)));
        keys.put("max-record-size", new Key("16777216", Validators.number(1, 500_000_000)));
        keys.put("dead-letters-per-second", new Key("100", Validators.number(1, 1_000_000)));
        keys.put("failures.retry", new Key("08, 25, 26, 40, 42P05, 53, 55, 57, 58", Validators::sqlStates));
        keys.put("failures.stop", new Key("0A, 28, 3D, 3F, 42", Validators::sqlStates));
        keys.put("failures.reject", new Key("09, 21, 22, 23, 27, 38, 39, 44, 54, P0", Validators::sqlStates));
        keys.put("timed-out", new Key("dead-letter", Validators.oneOf("dead-letter", "hold")));
        keys.put("ignore", new Key("", value -> null));
        keys.put("ledger-retention", new Key("7d", Validators.duration(1, 3_650L * 86_400_000)));
        keys.put("ledger-purge", new Key("0 17 * * * ?", Validators::cron));
        keys.put("routes", new Key("routes", Validators::routes));
        keys.put("migrate", new Key("true", Validators.oneOf("true", "false")));
        return keys;
    }

    private BundleOptions(String name, Map<String, String> values, Supplier<String> token) {
        this.name = name;
        this.values = values;
        this.token = token;
    }

    /**
     * Options of the bundle of an application that has one.
     *
     * @param values the value of a key without its prefix, e.g. {@code batch-size}, or null if it is not given
     * @throws IllegalArgumentException if anything is wrong, with every problem
     */
    public static BundleOptions of(UnaryOperator<String> values) {
        return of(DEFAULT_NAME, values);
    }

    /**
     * Options of one bundle of several.
     *
     * @param name   its name, a word in lower case; its keys are {@code sequin.<name>.*}
     * @param values the value of a key without its prefix, or null if it is not given
     * @throws IllegalArgumentException if anything is wrong, with every problem
     */
    public static BundleOptions of(String name, UnaryOperator<String> values) {
        String prefix = name.equals(DEFAULT_NAME) ? PREFIX : PREFIX + name + ".";
        Map<String, String> problems = new TreeMap<>();
        Map<String, String> checked = read(prefix, values, problems);
        if (!name.matches("[a-z][a-z0-9-]*")) {
            problems.put(prefix, "is no name of a bundle: it must be a word such as orders");
        }
        if (!problems.isEmpty()) {
            List<String> lines = new ArrayList<>();
            problems.forEach((key, problem) -> lines.add(key + " " + problem));
            throw new IllegalArgumentException(String.join("; ", lines));
        }
        return new BundleOptions(name, checked, () -> checked.get("token"));
    }

    /**
     * Reads and checks values.
     *
     * @param prefix   what the keys begin with, in the problems
     * @param values   the value of a key without its prefix, or null
     * @param problems gets what is wrong, by key with its prefix
     * @return the value of each key without its prefix, the default where none is given
     */
    public static Map<String, String> read(String prefix, UnaryOperator<String> values, Map<String, String> problems) {
        Map<String, String> read = new LinkedHashMap<>();
        KEYS.forEach((key, known) -> {
            String given = values.apply(key);
            String value = (given == null ? known.fallback == null ? "" : known.fallback : given).strip();
            String problem = value.isEmpty() && known.fallback == null ? "is missing" : problem(key, value);
            if (problem != null) {
                problems.put(prefix + key, problem);
            }
            read.put(key, value);
        });
        return read;
    }

    /** The keys, without their prefix. */
    public static Collection<String> names() {
        return KEYS.keySet();
    }

    /** What is wrong with a value, in words for a person and without the value if it is a secret; null if nothing is. */
    public static String problem(String key, String value) {
        String quotes = Validators.quotes(value);
        return quotes == null ? KEYS.get(key).validator.apply(value) : quotes;
    }

    /** The same, with a token that can change. */
    public BundleOptions withToken(Supplier<String> changing) {
        return new BundleOptions(name, values, changing);
    }

    /** The name with which its beans, routes and endpoints begin. */
    public String name() {
        return name;
    }

    /** The bearer token as it is now, empty if none is sent. */
    public Supplier<String> token() {
        return token;
    }

    /** What requests to the consumer begin with. */
    String consumerUrl() {
        return values.get("url") + "/v1/http-consumers/" + consumer();
    }

    /** The consumer's ID or name. */
    public String consumer() {
        return values.get("consumer");
    }

    /** The maximum number of messages in a batch. */
    int batchSize() {
        return number("batch-size");
    }

    /** How long the server may hold a request while there is no message, in milliseconds. */
    long waitForMillis() {
        return millis("wait-for");
    }

    /** How many workers poll. */
    int workers() {
        return number("workers");
    }

    /** The maximum number of workers that write at once. */
    int writers() {
        return number("writers");
    }

    /** The maximum number of connections that write at once. */
    public int connections() {
        return Math.min(workers(), writers());
    }

    /** {@code continuous}, or a Quartz cron expression. */
    String schedule() {
        return values.get("schedule");
    }

    /** Whether it waits for messages once the consumer is drained. */
    boolean isContinuous() {
        return schedule().equals("continuous");
    }

    /** For how long messages are leased, in milliseconds. */
    public long ackWaitMillis() {
        return millis("ack-wait");
    }

    /** How long a worker may have had no response before it is stalled, in milliseconds; 0 if workers may rest for long. */
    long stalledMillis() {
        // a response comes at least once in a long poll, and after a write that takes its whole lease
        return isContinuous() ? 2 * (waitForMillis() + ackWaitMillis()) + 30_000 : 0;
    }

    /** The maximum size of a record, in bytes. */
    int maxRecordSize() {
        return number("max-record-size");
    }

    /** The maximum number of dead letters that a worker writes in a second if nothing else comes. */
    int deadLettersPerSecond() {
        return number("dead-letters-per-second");
    }

    /** SQLSTATEs and classes of them; {@code kind} is {@code retry}, {@code stop} or {@code reject}. */
    List<String> failures(String kind) {
        return list("failures." + kind);
    }

    /** Whether a record that times out again and again stays unacked. */
    boolean leavesTimedOutUnacked() {
        return values.get("timed-out").equals("hold");
    }

    /** The IDs of collections whose messages are acked and written nowhere. */
    Set<String> ignored() {
        return Set.copyOf(list("ignore"));
    }

    /** How long the ledger keeps deleted records, in milliseconds. */
    long ledgerRetentionMillis() {
        return millis("ledger-retention");
    }

    /** Quartz cron expression, when the ledger is purged. */
    String ledgerPurge() {
        return values.get("ledger-purge");
    }

    /** Whether the bundle creates its own tables. */
    public boolean migrates() {
        return values.get("migrate").equals("true");
    }

    /** Where the routes are: a URI to which a file's name can be added. */
    public String routes() {
        String routes = values.get("routes");
        return routes.startsWith("classpath:") || Validators.isOnClassPathOnly(routes)
                ? "classpath:" + routes.replaceFirst("^classpath:", "")
                : "file:" + Path.of(routes).toAbsolutePath().normalize();
    }

    private int number(String key) {
        return Integer.parseInt(values.get(key));
    }

    private long millis(String key) {
        return TimeUtils.toMilliSeconds(values.get(key));
    }

    private List<String> list(String key) {
        return values.get(key).isEmpty() ? List.of() : List.of(values.get(key).split(" *, *"));
    }
}
