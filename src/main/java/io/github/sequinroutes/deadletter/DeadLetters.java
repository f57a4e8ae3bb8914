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
    /** Dead letters of so many bytes are stored at once. */
    private static final int BYTES = 16 * 1024 * 1024;

    private final String consumer;

    /** For the dead letters of one consumer. */
    public DeadLetters(String consumer) {
        this.consumer = consumer;
    }

    /** The dead letters of a batch, in parts that are each stored together. */
    public List<Part> of(Batch batch) {
        List<Part> parts = new ArrayList<>();
        List<DeadLetter> letters = new ArrayList<>();
        long bytes = 0;
        for (Message message : batch.messages()) {
            Rejection rejection = message.rejection();
            if (rejection != null && !message.outcome().isDurable()) {
                letters.add(
                        new DeadLetter(consumer, message, rejection.reason(), rejection.sqlState(), rejection.error()));
                bytes += message.bytes().length;
            }
            if (bytes > BYTES) {
                parts.add(new Part(letters));
                letters = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!letters.isEmpty()) {
            parts.add(new Part(letters));
        }
        return parts;
    }

    /** Fails, so that no message is acked whose dead letter is not stored. */
    @SuppressWarnings("DoNotCallSuggester") // the route calls it to throw
    public void notStored(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        throw new DeadLettersNotStoredException(failure);
    }

    /** Notes that these are committed. */
    public void markStored(Part part) {
        part.letters.forEach(DeadLetter::stored);
    }

    /** Dead letters that are stored together. Iterates over the rows' columns by name. */
    public static final class Part implements Iterable<Map<String, Object>> {
        private final List<DeadLetter> letters;

        private Part(List<DeadLetter> letters) {
            this.letters = letters;
        }

        @Override
        public Iterator<Map<String, Object>> iterator() {
            return letters.stream().map(DeadLetter::row).iterator();
        }
    }
}
