package io.github.sequinroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.failure.Advice;
import io.github.sequinroutes.failure.HttpFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Warns of settings of a consumer that do not fit those of the bundle. What the server does not say is not doubted. */
final class ConsumerWarnings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ConsumerWarnings() {}

    /**
     * Asks the server, once: a line for each setting that does not fit, or one that names the key that is likely wrong if it
     * cannot be asked.
     *
     * @param keys      how a key is written for the bundle, and where it stands
     * @param isUnasked whether to say that it cannot be asked
     */
    static List<String> of(Bundle bundle, UnaryOperator<String> keys, boolean isUnasked) {
        BundleConfig config = bundle.config();
        try {
            return of(bundle.describeConsumer(), config);
        } catch (Exception e) {
            return isUnasked
                    ? List.of(keys.apply(HttpFailures.keyAtFault(e)) + ": consumer " + config.get(Keys.CONSUMER)
                            + " cannot be asked, so nothing is known of it: " + new Advice(config.keys()).describe(e))
                    : List.of();
        }
    }

    /** A line for each; {@code description} is what the server says of the consumer, as JSON, or null. */
    static List<String> of(String description, BundleConfig config) {
        List<String> warnings = new ArrayList<>();
        JsonNode consumer = read(description);
        String name = "consumer " + config.get(Keys.CONSUMER) + ": ";
        JsonNode deliveries = consumer.path("max_deliver");
        if (deliveries.isIntegralNumber() && deliveries.asLong() >= 0) {
            warnings.add(name + "max_deliver is " + deliveries.asLong() + ", so the server drops a message that it has"
                    + " delivered that often, and it is lost; set it to -1");
        }
        JsonNode pending = consumer.path("max_ack_pending");
        long wanted = (long) config.get(Keys.BATCH_SIZE) * config.get(Keys.WORKERS);
        if (pending.isIntegralNumber() && pending.asLong() < wanted) {
            warnings.add(name + "max_ack_pending is " + pending.asLong()
                    + ", and sequin.workers times sequin.batch-size is " + wanted
                    + ", so workers wait for each other; raise it, or lower one of these");
        }
        JsonNode wait = consumer.path(consumer.has("ack_wait_ms") ? "ack_wait_ms" : "ack_wait");
        if (wait.isIntegralNumber() && wait.asLong() < config.get(Keys.ACK_WAIT)) {
            warnings.add(name + "ack_wait_ms is " + wait.asLong() + ", and sequin.ack-wait " + config.get(Keys.ACK_WAIT)
                    + " ms, so the server hands a message to another worker while this one writes it; set"
                    + " sequin.ack-wait=" + wait.asLong() + "ms");
        }
        return warnings;
    }

    private static JsonNode read(String description) {
        try {
            JsonNode read = JSON.readTree(description == null ? "{}" : description);
            return read.path("data").isObject() ? read.path("data") : read;
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // a proxy's page, or anything else that is no description
        }
    }
}
