package io.github.sequinroutes.sequin;

import io.github.sequinroutes.json.FieldNames;
import io.github.sequinroutes.json.InvalidJsonException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.message.UnreadableResponseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;

/**
 * The batches of one response, read as the response arrives. Usually there is one; a response that would not fit into
 * memory becomes several, each written and acked before the next is read.
 * The response is {@code {"data": [message, ...], "info": {...}}} or a bare array of messages.
 */
public final class Batches implements Iterator<Batch> {
    private enum Info {
        PENDING,
        IN_FLIGHT,
        OTHER
    }

    private static final FieldNames<Boolean> IS_DATA = new FieldNames<>(Map.of("data", true), false);
    private static final FieldNames<Boolean> IS_INFO = new FieldNames<>(Map.of("info", true), false);
    private static final FieldNames<Info> INFO =
            new FieldNames<>(Map.of("num_pending", Info.PENDING, "num_ack_pending", Info.IN_FLIGHT), Info.OTHER);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;

    /** The server has not said. */
    public static final long UNKNOWN = -1;

    private final Lease lease;
    private final MessageFormat format;
    private final JsonScanner json;
    private boolean inObject;
    private Batch next;
    private boolean ended;
    private int received;
    private long pending = UNKNOWN;
    private long inFlight = UNKNOWN;
    private long readAt;
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private List<Message> given = List.of();

    private Batches(InputStream response, Lease lease, MessageFormat format) {
        this.lease = lease;
        this.format = format;
        json = new JsonScanner(new LeasedInput(response, lease));
    }

    /**
     * Begins to read a response.
     *
     * @throws UnreadableResponseException if it is not a list of messages
     */
    public static Batches read(InputStream response, Lease lease, MessageFormat format) {
        return parsing(() -> {
            Batches batches = new Batches(response, lease, format);
            batches.findMessages();
            Batch first = batches.readBatch();
            batches.next = first.messages().isEmpty() ? null : first;
            batches.readAt = System.nanoTime();
            return batches;
        });
    }

    /**
     * A batch of stored messages.
     *
     * @throws UnreadableResponseException if one is not JSON
     */
    public static Batch of(List<String> kept, Lease lease, MessageFormat format) {
        List<Message> messages = new ArrayList<>();
        for (String message : kept) {
            byte[] response = ("[" + message + "]").getBytes(StandardCharsets.UTF_8);
            read(new ByteArrayInputStream(response), lease, format)
                    .forEachRemaining(batch -> messages.addAll(batch.messages()));
        }
        return new Batch(messages, lease);
    }

    /** How many messages have been read so far. */
    public int received() {
        return received;
    }

    /** How many messages the server still has for the consumer, as it says at the end; or {@link #UNKNOWN}. */
    public long pending() {
        return pending;
    }

    /** How many messages the server has delivered, which are not acked yet, as it says at the end; or {@link #UNKNOWN}. */
    public long inFlight() {
        return inFlight;
    }

    /** When the first batch had been read, in nanoseconds of the monotonic clock. */
    public long readAt() {
        return readAt;
    }

    /** How many messages of the batches so far have this outcome. */
    public int count(Outcome outcome) {
        countGiven();
        return outcomes.getOrDefault(outcome, 0);
    }

    private void countGiven() {
        given.forEach(message -> outcomes.merge(message.outcome(), 1, Integer::sum));
        given = List.of();
    }

    /**
     * Reads nothing, because Camel calls it before it processes the previous batch, which must first be written, acked
     * and gone from memory. So the last of several batches may turn out to be empty.
     */
    @Override
    public boolean hasNext() {
        return next != null || !ended;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        countGiven(); // before the next is read: nothing of the last is kept
        Batch batch = next == null ? parsing(this::readBatch) : next;
        next = null;
        given = batch.messages();
        return batch;
    }

    private void findMessages() throws IOException {
        boolean found = json.peek() == '[' || findData();
        if (!found || json.peek() != '[') {
            throw new UnreadableResponseException("The server's response is not a list of messages", null);
        }
        json.beginArray();
    }

    private boolean findData() throws IOException {
        if (json.peek() == '{') {
            inObject = true;
            json.beginObject();
            while (json.hasNext('}')) {
                if (json.selectName(IS_DATA)) {
                    return true;
                }
                json.skipValue();
            }
        }
        return false;
    }

    private Batch readBatch() throws IOException {
        List<Message> messages = new ArrayList<>();
        long bytes = 0;
        while (bytes < MAX_BATCH_BYTES) {
            if (!json.hasNext(']')) {
                readToEnd();
                break;
            }
            Message message = Message.read(json, format);
            bytes += message.bytes().length;
            messages.add(message);
            received++;
        }
        return new Batch(messages, lease);
    }

    /** Reads what follows the messages, so that a truncated response is detected and the connection can be used again. */
    private void readToEnd() throws IOException {
        ended = true;
        while (inObject && json.hasNext('}')) {
            if (json.selectName(IS_INFO) && json.peek() == '{') {
                readInfo();
            } else {
                json.skipValue();
            }
        }
        json.endDocument();
    }

    private void readInfo() throws IOException {
        json.beginObject();
        while (json.hasNext('}')) {
            Info info = json.selectName(INFO);
            json.peek();
            long start = json.position();
            json.skipValue();
            if (info == Info.PENDING) {
                pending = number(start);
            } else if (info == Info.IN_FLIGHT) {
                inFlight = number(start);
            }
        }
    }

    private long number(long start) {
        String number = new String(json.takeBytes(start), StandardCharsets.UTF_8);
        return NUMBER.matcher(number).matches() ? Long.parseLong(number) : UNKNOWN;
    }

    private interface Parsing<T> {
        T run() throws IOException;
    }

    private static <T> T parsing(Parsing<T> parsing) {
        try {
            return parsing.run();
        } catch (InvalidJsonException e) {
            throw new UnreadableResponseException("The server's response is not valid JSON: " + e.getMessage(), null);
        } catch (IOException e) {
            throw new UnreadableResponseException("The server's response broke off: " + e.getMessage(), e);
        }
    }
}
