package io.github.sequinroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.sandbox.feed.BadRecordException;
import io.github.sequinroutes.sandbox.feed.RecordFeed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Takes records for the Consume API, or messages with a record: each as it is, beside what there is of it already. */
final class RecordTaker implements RecordFeed.Taker {
    private static final String VERSION = "updated_idx";

    private final Consumer<String> taker;
    /** Higher than the versions of any record that was made before. */
    private final AtomicLong version = new AtomicLong(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));

    /** Whose records go there, each as JSON. */
    RecordTaker(Consumer<String> taker) {
        this.taker = taker;
    }

    @Override
    public void take(ObjectNode given) throws BadRecordException {
        boolean isMessage = given.path("record").isObject() && !given.has("collection_id");
        ObjectNode record = isMessage ? (ObjectNode) given.get("record") : given;
        require(record, "id", "the ID of the record");
        require(record, "collection_id", "such as stripe:customer");
        if (!record.has(VERSION)) {
            record.put(VERSION, version.incrementAndGet());
        }
        taker.accept(record.toString());
    }

    private static void require(JsonNode record, String field, String meaning) throws BadRecordException {
        String text = record.path(field).asText();
        if (text.isEmpty()) {
            throw new BadRecordException("it has no " + field + ", " + meaning + "; its fields are "
                    + String.join(", ", (Iterable<String>) record::fieldNames));
        }
    }
}
