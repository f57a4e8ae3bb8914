package io.github.sequinroutes.message;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.json.JsonScanner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One delivery: a record, the token that acks it, the bytes as received, and its place among the versions of its batch.
 * Not thread-safe: a message belongs to the worker that received it.
 */
public final class Message extends Delivery {
    /** What the Stream API sends in place of a value that is stored apart and has not changed. */
    public static final String UNCHANGED = "unchanged_toast";

    private final byte[] bytes;
    private final Envelope envelope;
    private final MessageFormat format;
    private final boolean isReplayed;
    private Boolean lacksValues;
    private Message older;
    private Message before;
    private byte[] standIn;
    private String key;

    /**
     * Reads the message that comes next in a response.
     *
     * @throws IOException if it is not JSON
     */
    public static Message read(JsonScanner json, MessageFormat format) throws IOException {
        json.peek();
        long start = json.position();
        Envelope envelope = format.read(json);
        return new Message(json.takeBytes(start), envelope, format, false);
    }

    /**
     * Reads a stored message from the beginning of these bytes; they become its own if there is nothing else.
     *
     * @throws IOException if it is not JSON
     */
    public static Message readStored(JsonScanner json, byte[] bytes, MessageFormat format) throws IOException {
        json.peek();
        long start = json.position();
        Envelope envelope = format.read(json);
        // a message of 100 MB must not be in memory twice
        boolean isAll = start == 0 && json.position() == bytes.length;
        return new Message(isAll ? bytes : json.takeBytes(start), envelope, format, true);
    }

    /**
     * A record that a route has made, for a message or for none.
     *
     * @param record     the record's JSON: an object, laid out as in the API's messages
     * @param original   the message whose record this is now, or null
     * @param collection what it belongs to, and its ID, if it does not say so itself
     * @throws IOException if it is not JSON
     */
    public static Message ofRecord(byte[] record, MessageFormat format, Message original, String collection, String id)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(record.length + 32);
        bytes.writeBytes(("{\"" + format.recordField() + "\":").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(record);
        bytes.write('}');
        JsonScanner json = new JsonScanner(bytes.toByteArray(), 0, bytes.size());
        Envelope envelope = format.read(json);
        json.endDocument();
        String token = original == null ? null : original.ackToken();
        return new Message(
                bytes.toByteArray(),
                envelope.orElse(token, collection, id),
                format,
                original != null && original.isReplayed);
    }

    /** The same with another ID. */
    public Message withId(String id) {
        return new Message(bytes, envelope.withId(id), format, isReplayed);
    }

    private Message(byte[] bytes, Envelope envelope, MessageFormat format, boolean isReplayed) {
        this.bytes = bytes;
        this.envelope = envelope;
        this.format = format;
        this.isReplayed = isReplayed;
    }

    /** How its API lays out its messages. */
    public MessageFormat format() {
        return format;
    }

    /** Whether it is replayed from a dead letter: it is known to have been at fault. */
    public boolean isReplayed() {
        return isReplayed;
    }

    /** The token that acks this delivery, or null if it has none. */
    public String ackToken() {
        return envelope.ackToken();
    }

    /** The collection ID, e.g. {@code stripe:subscription}, or null if it has none. */
    public String collection() {
        return envelope.collection();
    }

    /** The record's ID, or null if it has none. */
    public String id() {
        return envelope.id();
    }

    /** What tells its record from others of its collection: its ID, unless something else has been noted. */
    public String key() {
        return key == null ? id() : key;
    }

    /** Notes what tells its record from others; null for its ID. */
    public void identify(String itsKey) {
        key = itsKey;
    }

    /** The record's version, or null if it has none. */
    public Version version() {
        return envelope.version();
    }

    /** Whether this version of the record is its deletion. */
    public boolean isDeleted() {
        return envelope.isDeleted();
    }

    /** Whether a value of the record may be missing because it has not changed. */
    public boolean mayLackValues() {
        return envelope.mayLackValues();
    }

    /** Whether it is a row that a backfill has read, which no change has sent. */
    public boolean isRead() {
        return Version.READ.equals(version());
    }

    /** Whether it says what some values were before it. */
    public boolean hasOldValues() {
        return envelope.hasOldValues();
    }

    /**
     * Whether a value is missing because it has not changed: then it cannot stand for the older versions. A text of the
     * user's own that looks the same only makes it be written by itself.
     */
    public boolean lacksValues() {
        if (lacksValues == null) {
            lacksValues = mayLackValues() && text().contains(UNCHANGED);
        }
        return lacksValues;
    }

    /** Whether it leaves out a value that another version of its row, a message as received, brings. */
    public boolean leavesOutWhatIsIn(String other) {
        return lacksValues() && LeftOutValues.areIn(other, text());
    }

    /** Notes that it must be written after another one. */
    void after(Message other) {
        before = other;
    }

    /** Whether another one of its batch must be written before it. */
    public boolean comesAfterAnother() {
        return before != null;
    }

    /** Whether it must wait: one that must be written before it is neither durable nor known to be at fault. */
    public boolean mustWait() {
        return before != null && !before.outcome().isDurable() && before.rejection() == null;
    }

    /** Whether one that must be written before it cannot be, and its row would have had a value that it lacks from that. */
    public boolean isForsaken() {
        // what has been written needed none of those before it, so neither does what comes after
        for (Message other = before; other != null && other.rejection() != null; other = other.before) {
            if (leavesOutWhatIsIn(other.text())) {
                return true;
            }
        }
        return false;
    }

    /** Why the record cannot belong to any collection, or null if it can. */
    public String problem() {
        return envelope.problem();
    }

    /** Why {@link #version()} is null, in words for a person. */
    public String versionProblem() {
        return envelope.versionProblem();
    }

    /** The message exactly as received. Not a copy: do not change it. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * The message without its tokens, which differ from delivery to delivery: the parts before, between and after them.
     * Not copies: do not change them.
     */
    public List<ByteBuffer> partsWithoutTokens() {
        List<ByteBuffer> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < envelope.tokens().size(); i++) {
            parts.add(ByteBuffer.wrap(bytes, from, envelope.tokens().start(i) - from));
            from = envelope.tokens().end(i);
        }
        parts.add(ByteBuffer.wrap(bytes, from, bytes.length - from));
        return parts;
    }

    /** Where the record begins in {@link #bytes()}. */
    public int recordStart() {
        return envelope.recordStart();
    }

    /** Where the record ends in {@link #bytes()}. */
    public int recordEnd() {
        return envelope.recordEnd();
    }

    /** The message exactly as received, as text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * A value of the record as text, for the conditions of a route: {@code ${body.value('data.plan.id')}}.
     *
     * @param path the names that lead to it, with dots between them
     * @return the text, the JSON of an object or array, or null if there is none
     */
    public String value(String path) throws IOException {
        JsonNode value = new ObjectMapper()
                .readTree(bytes, recordStart(), recordEnd() - recordStart())
                .at("/" + path.replace('.', '/'));
        return value.isMissingNode() || value.isNull() ? null : value.isValueNode() ? value.asText() : value.toString();
    }

    /** The record's JSON, also for the step marshal. */
    @Override
    @JsonValue
    @JsonRawValue
    public String toString() {
        return new String(bytes, recordStart(), recordEnd() - recordStart(), StandardCharsets.UTF_8);
    }

    /** The next older message about the same record in the same batch, or null. */
    public Message older() {
        return older;
    }

    /** Leaves it and its older versions unacked for now, unless something has become of them; returns those left. */
    public List<Message> leaveVersionsUnacked() {
        List<Message> left = new ArrayList<>();
        for (Message message = this; message != null; message = message.older) {
            if (message.leaveUnacked()) {
                left.add(message);
            }
        }
        return left;
    }

    /** Notes that a run of its route begins, which may make another record of it. */
    public void begin() {
        standIn = null;
    }

    /** Whether no other record than this has stood for it in this run of its route; from now on it does. */
    public boolean isStoodForBy(Message made) {
        boolean isOther = standIn != null && !Arrays.equals(standIn, made.bytes);
        standIn = made.bytes;
        return !isOther;
    }

    /** Joins it with no other. */
    void separate() {
        older = null;
        before = null;
    }

    /** Notes that this message is committed in its table, and so has superseded the older ones of its batch. */
    public void written() {
        become(Outcome.WRITTEN, null);
        for (Message message = older; message != null; message = message.older) {
            message.become(Outcome.SUPERSEDED, null);
        }
    }

    /** Joins a later message about the same record: returns the newer of the two, which links to the older ones in order. */
    public Message join(Message later) {
        // after every newer one: one without a version may be between them, and does not tell their order
        Message newer = null;
        for (Message message = this; message != null; message = message.older) {
            if (later.isOlderThan(message)) {
                newer = message;
            }
        }
        if (newer == null) {
            later.older = this;
            return later;
        }
        later.older = newer.older;
        newer.older = later;
        return this;
    }

    private boolean isOlderThan(Message other) {
        return version() != null && other.version() != null && version().compareTo(other.version()) < 0;
    }
}
