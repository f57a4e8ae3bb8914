package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeCountersTest {
    private static Message message(String collection, Outcome outcome) {
        Message message = StoredMessages.read(
                ("{\"record\": " + TestRecord.of(collection, "a", 1, "{}") + "}").getBytes(StandardCharsets.UTF_8),
                SequinApi.of("consume").format());
        message.settle(outcome);
        return message;
    }

    /** Whoever has just started it sees that it works. */
    @Test
    void theFirstRecordsOfACollectionAreTold() {
        OutcomeCounters counters = new OutcomeCounters();
        assertEquals(
                List.of(),
                counters.firstWritten(new Batch(List.of(message("test:first-a", Outcome.LEFT_UNACKED)), new Lease(1))));
        List<Message> batch = List.of(
                message("test:first-a", Outcome.WRITTEN),
                message("test:first-a", Outcome.WRITTEN),
                message("test:first-a", Outcome.SUPERSEDED),
                message("test:first-b", Outcome.WRITTEN));
        assertEquals(
                List.of(
                        "Records of test:first-a are written, 2 so far.",
                        "Records of test:first-b are written, 1 so far."),
                counters.firstWritten(new Batch(batch, new Lease(1))));
        assertEquals(List.of(), counters.firstWritten(new Batch(batch, new Lease(1))));
        counters.nameBundle("west");
        assertEquals(
                List.of("Bundle west: Records of test:first-c are written, 1 so far."),
                counters.firstWritten(new Batch(List.of(message("test:first-c", Outcome.WRITTEN)), new Lease(1))));
    }

    /** Batches of any size cost the same, as far as the garbage is concerned. */
    @Test
    void aRecordMoreCostsNoMemory() {
        OutcomeCounters counters = new OutcomeCounters();
        CollectionCounters collection = counters.collection("test:thing");
        List<Message> messages = java.util.Collections.nCopies(10_000, message("test:thing", Outcome.WRITTEN));
        Batch batch = new Batch(messages, new Lease(1));
        com.sun.management.ThreadMXBean thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (int i = 0; i < 3; i++) { // the first time classes are loaded
            long before = thread.getCurrentThreadAllocatedBytes();
            counters.count(batch);
            messages.forEach(collection::count);
            bytes = thread.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(bytes < 4L * messages.size(), bytes + " bytes");
        assertEquals(30_000, collection.of(CountedOutcome.WRITTEN));
    }
}
