package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.MessageFormat;
import java.util.List;
import java.util.Map;

/** The Consume API: records of other APIs, each once in a stream, as its newest version. */
final class ConsumeApi implements SequinApi {
    private final MessageFormat format = new ConsumeFormat();

    @Override
    public String path(String consumer) {
        return "/v1/http-consumers/" + consumer;
    }

    @Override
    public String receive() {
        return "next";
    }

    @Override
    public String request(int limit, long waitMillis) {
        // it waits until the batch is full, which would hold the first message back
        return waitMillis > 0
                ? "{\"batch_size\": 1, \"wait_for\": %d}".formatted(waitMillis)
                : "{\"batch_size\": %d}".formatted(limit);
    }

    @Override
    public long minResponseMillis() {
        return 0;
    }

    @Override
    public Map<String, List<String>> settlement(List<String> tokens) {
        return Map.of("ack_tokens", tokens);
    }

    @Override
    public boolean describesConsumers() {
        return true;
    }

    @Override
    public boolean tellsPending() {
        return true;
    }

    @Override
    public MessageFormat format() {
        return format;
    }
}
