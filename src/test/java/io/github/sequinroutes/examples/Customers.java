package io.github.sequinroutes.examples;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.sandbox.SampleRecords;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.core.ConditionTimeoutException;

/** What the stand-in delivers to an example, and the rows that there must be of it. */
final class Customers {
    private static final int KEYS = 200;

    private final SampleRecords samples = new SampleRecords(1);
    private final Map<String, ObjectNode> newest = new TreeMap<>();
    private final Map<String, String> rows = new TreeMap<>();
    private final SandboxConsumer consumer;
    private final ExampleProcess process;

    Customers(SandboxConsumer consumer, ExampleProcess process) {
        this.consumer = consumer;
        this.process = process;
    }

    /** Customers in three versions each, late ones among them, one that is wrong, and what the example ignores. */
    void deliverVersions() {
        List<ObjectNode> records = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            for (long version = 1; version <= 3; version++) {
                ObjectNode record = samples.record(key, version);
                record.withObject("data").put("email", "v" + version + "@example.com");
                records.add(record);
            }
        }
        Collections.shuffle(records, new Random(1));
        deliver(records);
        ObjectNode wrong = customer(samples.record(6, 4));
        wrong.withObject("data").put("email", "nul\u0000@example.com");
        consumer.offerAsIs(wrong.toString());
    }

    /** Every third customer is deleted, and older versions come once more. */
    void deliverDeletions() {
        List<ObjectNode> records = new ArrayList<>();
        for (ObjectNode customer : newest.values()) {
            records.add(customer.deepCopy().put("updated_idx", 1));
            if (records.size() % 3 == 0) {
                ObjectNode deletion = customer.deepCopy().put("deleted", true);
                deletion.put("updated_idx", customer.get("updated_idx").asLong() + 1)
                        .remove("data");
                records.add(deletion);
            }
        }
        deliver(records);
    }

    private static ObjectNode customer(ObjectNode record) {
        if (!record.get("collection_id").asText().equals("stripe:customer")) {
            throw new IllegalArgumentException("no customer: " + record);
        }
        return record;
    }

    private void deliver(List<ObjectNode> records) {
        for (ObjectNode record : records) {
            consumer.offerAsIs(record.toString());
            if (record.get("collection_id").asText().equals("stripe:customer")) {
                newest.merge(record.get("id").asText(), record, Customers::newer);
            }
        }
    }

    private static ObjectNode newer(ObjectNode one, ObjectNode other) {
        if (one.get("updated_idx").asLong() >= other.get("updated_idx").asLong()) {
            return one;
        }
        if (!other.has("data")) {
            other.set("data", one.get("data")); // what was known of it stays
        }
        return other;
    }

    /** Waits until every message has been acked. */
    void awaitDrained() throws IOException {
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> process.isRunning() && consumer.left() == 0);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(consumer.left() + " messages are left:\n" + process.output(), e);
        }
    }

    /** The rows, as a query sorted by ID has them. */
    List<String> rows() {
        newest.forEach((id, record) -> rows.put(
                id,
                "%s|%d|%s|%s|%s"
                        .formatted(
                                id,
                                record.get("updated_idx").asLong(),
                                record.get("deleted").asBoolean() ? "t" : "f",
                                record.at("/data/name").asText(),
                                record.at("/data/email").asText())));
        return List.copyOf(rows.values());
    }
}
