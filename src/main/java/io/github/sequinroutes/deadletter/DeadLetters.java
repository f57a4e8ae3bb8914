package io.github.sequinroutes.deadletter;

import io.github.sequinroutes.failure.DeadLettersNotStoredException;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Rejection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Makes dead letters of what has been rejected. */
public final class DeadLetters {
    /** Dead letters are stored in batches of this size. */
    private static final int BATCH_BYTES = 16 * 1024 * 1024;

    private final String consumer;

    /** For the dead letters of one consumer. */
    public DeadLetters(String consumer) {
        this.consumer = consumer;
    }

    /** The dead letters of a batch of messages, in batches that are each stored together. */
    public List<DeadLetterBatch> of(Batch batch) {
        List<DeadLetterBatch> batches = new ArrayList<>();
        List<DeadLetter> deadLetters = new ArrayList<>();
        long bytes = 0;
        for (Message message : batch.messages()) {
            Rejection rejection = message.rejection();
            if (rejection != null && !message.outcome().isDurable()) {
                deadLetters.add(
                        new DeadLetter(consumer, message, rejection.reason(), rejection.sqlState(), rejection.error()));
                bytes += message.bytes().length;
            }
            if (bytes > BATCH_BYTES) {
                batches.add(new DeadLetterBatch(deadLetters));
                deadLetters = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!deadLetters.isEmpty()) {
            batches.add(new DeadLetterBatch(deadLetters));
        }
        return batches;
    }

    /** Fails, so that no message is acked whose dead letter is not stored. */
    @SuppressWarnings("DoNotCallSuggester") // the route calls it to throw
    public void notStored(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        throw new DeadLettersNotStoredException(failure);
    }

    /** Notes that these are committed. */
    public void markStored(DeadLetterBatch batch) {
        batch.deadLetters.forEach(DeadLetter::stored);
    }

    /** Dead letters that are stored together. Iterates over the rows' columns by name. */
    public static final class DeadLetterBatch implements Iterable<Map<String, Object>> {
        private final List<DeadLetter> deadLetters;

        private DeadLetterBatch(List<DeadLetter> deadLetters) {
            this.deadLetters = deadLetters;
        }

        @Override
        public Iterator<Map<String, Object>> iterator() {
            return deadLetters.stream().map(DeadLetter::row).iterator();
        }
    }
}
