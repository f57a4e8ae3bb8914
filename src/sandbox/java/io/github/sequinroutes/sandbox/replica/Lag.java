package io.github.sequinroutes.sandbox.replica;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.sandbox.stream.StreamMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How long after its commit at the source each change is acked, which is after its commit in the replica. Thread-safe.
 */
final class Lag implements Consumer<List<StreamMessage>> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Long> millis = new ArrayList<>();

    @Override
    public synchronized void accept(List<StreamMessage> acked) {
        Instant now = Instant.now();
        for (StreamMessage message : acked) {
            millis.add(Duration.between(committed(message), now).toMillis());
        }
    }

    private static Instant committed(StreamMessage message) {
        try {
            return Instant.parse(JSON.readTree(message.json())
                    .at("/metadata/commit_timestamp")
                    .asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(message.json(), e);
        }
    }

    /** How many changes have been acked. */
    synchronized int count() {
        return millis.size();
    }

    /** What a share of the changes, from 0 to 1, did not exceed, in milliseconds. */
    synchronized long percentile(double share) {
        List<Long> sorted = millis.stream().sorted().toList();
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
}
