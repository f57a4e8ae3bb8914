package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.MessageFormat;
import java.util.List;
import java.util.Map;

/** One of Sequin's two APIs: what its requests and messages look like. Thread-safe. */
public interface SequinApi {
    /** By the value of {@code sequin.api}: {@code consume} or {@code stream}. */
    static SequinApi of(String name) {
        return switch (name) {
            case "consume" -> new ConsumeApi();
            case "stream" -> new StreamApi();
            default -> throw new IllegalArgumentException("There is no API named " + name);
        };
    }

    /** Where a consumer is, behind the base URL of the server. */
    String path(String consumer);

    /** The call that fetches messages, behind the path of the consumer. */
    String receive();

    /**
     * A request for messages, as JSON.
     *
     * @param limit      the maximum number of messages
     * @param waitMillis how long the server may wait for the first one, in milliseconds; 0 for those that are there
     */
    String request(int limit, long waitMillis);

    /**
     * How long to wait for a response at least, in milliseconds, however short the lease: what the server was about to send
     * to a caller that hangs up stays leased to it.
     */
    long minResponseMillis();

    /** The body of an ack or a nack. */
    Map<String, List<String>> settlement(List<String> tokens);

    /** Whether a GET of a consumer's path tells its settings. */
    boolean describesConsumers();

    /** Whether a response says how many messages are left. */
    boolean tellsPending();

    /** How its messages are laid out. */
    MessageFormat format();
}
