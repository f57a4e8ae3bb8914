package io.github.sequinroutes.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Random;

/**
 * Records as Sequin sends them, 1 to 2 KB each: of ten, six are Stripe subscriptions, three Stripe customers and one a
 * GitHub issue. The same seed makes the same record of the same version, whatever was made before. Used by one thread.
 */
public final class SampleRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final String WORDS = "the report shows a wrong total when two invoices of one customer are paid on "
            + "the same day and the second was refunded before the first had settled so the balance is off by one ";

    private final long seed;
    /** Of the record that is being made. */
    private final Random random = new Random();

    /** Records made from a seed. */
    public SampleRecords(long seed) {
        this.seed = seed;
    }

    /** Record number {@code key} in its version {@code version}. */
    public ObjectNode record(int key, long version) {
        random.setSeed((31 * seed + key) * 0x9E3779B97F4A7C15L + version * 0xBF58476D1CE4E5B9L);
        return switch (key % 10) {
            case 0, 1, 2, 3, 4, 5 -> record("stripe:subscription", "sub_", key, version, subscription(key));
            case 6, 7, 8 -> record("stripe:customer", "cus_", key, version, customer(key));
            default -> record("github:issue", "I_", key, version, issue(key));
        };
    }

    private ObjectNode record(String collection, String prefix, int key, long version, ObjectNode data) {
        ObjectNode record = JSON.createObjectNode()
                .put("collection_id", collection)
                .put("id", "%08x-0000-4000-8000-%012x".formatted(key * 0x9E3779B1, key));
        data.put("id", prefix + key);
        record.set("data", data);
        record.put("deleted", false)
                .put("inserted_at", EPOCH.plusSeconds(version).toString())
                .put("provider", collection.substring(0, collection.indexOf(':')))
                .put("stream_id", "0b0c7a52-5d0e-4a58-8a3e-9b3b0d6f9a10");
        record.putObject("sync")
                .put("id", "sync-" + key % 7)
                .put("external_id", "acct-" + key % 7)
                .putObject("metadata")
                .put("tenant", key % 7);
        return record.put("updated_idx", 2_745_327_000L + version)
                .put("upstream_created_at", EPOCH.plusSeconds(key).toString())
                .put("upstream_id", prefix + key)
                .put("upstream_updated_at", EPOCH.plusSeconds(100_000 + version).toString());
    }

    private ObjectNode subscription(int key) {
        ObjectNode data = JSON.createObjectNode()
                .put("object", "subscription")
                .put("customer", "cus_" + key / 2)
                .put("status", random.nextInt(5) == 0 ? "past_due" : "active")
                .put("quantity", 1 + random.nextInt(20))
                .put("cancel_at_period_end", random.nextInt(10) == 0)
                .put("currency", "usd")
                .put("current_period_start", 1_767_225_600L)
                .put("current_period_end", 1_769_904_000L)
                .put("collection_method", "charge_automatically")
                .put("description", words(400));
        ObjectNode plan =
                data.putObject("plan").put("id", "plan_" + random.nextInt(5)).put("object", "plan");
        plan.put("amount", 4900)
                .put("interval", "month")
                .put("interval_count", 1)
                .put("usage_type", "licensed");
        ObjectNode item =
                data.putObject("items").put("object", "list").putArray("data").addObject();
        item.put("id", "si_" + key).put("object", "subscription_item").put("created", 1_767_225_600L);
        item.putObject("price")
                .put("id", "price_" + key)
                .put("type", "recurring")
                .put("unit_amount_decimal", "4900");
        data.putObject("metadata").put("order", "A-" + key).put("note", "vip \"gold\" – ü");
        return data;
    }

    private ObjectNode customer(int key) {
        ObjectNode data = JSON.createObjectNode()
                .put("object", "customer")
                .put("email", "customer%d@example.com".formatted(key))
                .put("name", "Customer Nº " + key)
                .put("phone", "+1 555 %07d".formatted(key))
                .put("currency", "eur")
                .put("balance", -random.nextInt(100_000))
                .put("delinquent", random.nextInt(20) == 0)
                .put("description", words(500))
                .putNull("default_source");
        data.putObject("address").put("city", "Zürich").put("country", "CH").put("postal_code", "80" + key % 100);
        data.putObject("invoice_settings").putNull("custom_fields").putNull("footer");
        data.putObject("metadata").put("plan", "gold");
        return data;
    }

    private ObjectNode issue(int key) {
        ObjectNode data = JSON.createObjectNode()
                .put("number", key)
                .put("title", words(40))
                .put("state", random.nextBoolean() ? "open" : "closed")
                .put("comments", random.nextInt(50))
                .put("body", words(700))
                .putNull("closed_at");
        data.putObject("user").put("login", "octo" + key % 50).put("type", "User");
        data.putArray("labels").addObject().put("name", "bug").put("color", "d73a4a");
        return data;
    }

    private String words(int about) {
        StringBuilder words = new StringBuilder();
        while (words.length() < about) {
            int from = random.nextInt(WORDS.length() / 2);
            words.append(WORDS, from, WORDS.length());
        }
        return words.substring(0, about);
    }
}
