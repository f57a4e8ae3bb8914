package io.github.sequinroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Fills a consumer with what a real stream holds: updates, deletes, late versions, some twice, and a few records that are wrong. */
final class SampleStream {
    private final SandboxConsumer consumer;
    private final SampleRecords samples = new SampleRecords(1);
    private final Random random = new Random(2);

    SampleStream(SandboxConsumer consumer) {
        this.consumer = consumer;
    }

    /** Offers about {@code count} messages, and a handful of wrong ones besides. */
    void offer(int count) {
        int keys = Math.max(1, count * 2 / 3);
        for (int key = 0; key < keys; key++) {
            consumer.offerAsIs(samples.record(key, 1).toString());
        }
        for (int i = keys; i < count; i++) {
            int key = random.nextInt(keys);
            int version = random.nextInt(2, 6);
            ObjectNode record = samples.record(key, version);
            // of the record and its version, lest one that comes twice is deleted once
            if ((key / 10 + 3 * version) % 10 == 0) {
                record.put("deleted", true);
            }
            // as it is, so that late versions come after newer ones
            consumer.offerAsIs(record.toString());
        }
        wrong().forEach(consumer::offerAsIs);
    }

    private List<String> wrong() {
        ObjectNode noId = samples.record(0, 9).without("id");
        ObjectNode noVersion = samples.record(1, 9).without("updated_idx");
        ObjectNode unknown = samples.record(2, 9).put("collection_id", "stripe:invoice");
        ObjectNode notANumber = samples.record(3, 9);
        notANumber.withObject("data").put("quantity", "many");
        ObjectNode tooLarge = samples.record(9, 9);
        tooLarge.withObject("data").put("comments", 3_000_000_000L);
        ObjectNode zeroCharacter = samples.record(6, 9);
        zeroCharacter.withObject("data").put("email", "nul\u0000@example.com");
        return List.of(
                noId.toString(),
                noVersion.toString(),
                unknown.toString(),
                notANumber.toString(),
                tooLarge.toString(),
                zeroCharacter.toString(),
                "\"a record that is no object\"");
    }
}
