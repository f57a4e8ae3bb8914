package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.MessageFormat;
import java.util.List;
import java.util.Map;

/** The Stream API of open-source Sequin: changes of rows, several of one row, and acked ones again after a restart. */
final class StreamApi implements SequinApi {
    /** It refuses less, 0 included. */
    private static final long SHORTEST_WAIT_MILLIS = 500;

    /** Inside it gives up after five seconds, and says so. */
    private static final long MIN_RESPONSE_MILLIS = 10_000;

    private final MessageFormat format = new StreamFormat();

    @Override
    public String path(String consumer) {
        return "/api/sequin_streams/" + consumer;
    }

    @Override
    public String receive() {
        return "receive";
    }

    @Override
    public String request(int limit, long waitMillis) {
        return waitMillis > 0
                ? "{\"batch_size\": %d, \"wait_for\": %d}".formatted(limit, Math.max(SHORTEST_WAIT_MILLIS, waitMillis))
                : "{\"batch_size\": %d}".formatted(limit);
    }

    @Override
    public long minResponseMillis() {
        return MIN_RESPONSE_MILLIS;
    }

    @Override
    public Map<String, List<String>> settlement(List<String> tokens) {
        return Map.of("ack_ids", tokens);
    }

    @Override
    public boolean describesConsumers() {
        return false;
    }

    @Override
    public boolean tellsPending() {
        return false;
    }

    @Override
    public MessageFormat format() {
        return format;
    }
}
