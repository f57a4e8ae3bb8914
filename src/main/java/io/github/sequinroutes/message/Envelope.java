package io.github.sequinroutes.message;

import io.github.sequinroutes.json.FieldNames;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** What a message says of itself outside the record's data: how the Consume API's message is laid out. */
final class Envelope {
    private enum Field {
        TOKEN,
        RECORD,
        ID,
        COLLECTION,
        VERSION,
        DELETED,
        OTHER
    }

    private static final FieldNames<Field> OF_MESSAGE = new FieldNames<>(
            Map.of("ack_token", Field.TOKEN, "ack_id", Field.TOKEN, "record", Field.RECORD), Field.OTHER);
    private static final FieldNames<Field> OF_RECORD = new FieldNames<>(
            Map.of(
                    "id", Field.ID,
                    "collection_id", Field.COLLECTION,
                    "updated_idx", Field.VERSION,
                    "deleted", Field.DELETED),
            Field.OTHER);
    private static final String NO_VERSION = "it has no updated_idx";
    private static final int[] NO_TOKEN = {};

    String ackToken;
    String collection;
    String id;
    Long version;
    boolean deleted;
    String problem;
    String versionProblem = NO_VERSION;
    int recordStart;
    int recordEnd;
    /** How many tokens the message has: usually one. */
    int tokens;
    /** Where each token begins and ends. */
    int[] tokenBounds = NO_TOKEN;

    /** Reads a message. */
    static Envelope read(JsonScanner json) throws IOException {
        Envelope envelope = new Envelope();
        if (json.peek() != '{') {
            envelope.problem = "the message is not an object";
            json.skipValue();
            return envelope;
        }
        envelope.problem = "the message has no record";
        long start = json.position();
        json.beginObject();
        while (json.hasNext('}')) {
            switch (json.selectName(OF_MESSAGE)) {
                case TOKEN -> envelope.readToken(json, start);
                case RECORD -> envelope.readRecord(json, start);
                default -> json.skipValue();
            }
        }
        return envelope;
    }

    private void readToken(JsonScanner json, long start) throws IOException {
        json.peek();
        int from = (int) (json.position() - start);
        ackToken = stringOrInteger(json);
        if (ackToken != null) {
            if (2 * tokens == tokenBounds.length) {
                tokenBounds = Arrays.copyOf(tokenBounds, Math.max(2, 4 * tokens)); // a hostile message has many
            }
            tokenBounds[2 * tokens] = from;
            tokenBounds[2 * tokens + 1] = (int) (json.position() - start);
            tokens++;
        }
    }

    private void readRecord(JsonScanner json, long start) throws IOException {
        reset();
        if (json.peek() != '{') {
            problem = "the record is not an object";
            json.skipValue();
            return;
        }
        recordStart = (int) (json.position() - start);
        json.beginObject();
        while (json.hasNext('}')) {
            switch (json.selectName(OF_RECORD)) {
                case ID -> id = stringOrInteger(json);
                case COLLECTION -> collection = stringOrInteger(json);
                case VERSION -> readVersion(json);
                case DELETED -> readDeleted(json);
                default -> json.skipValue();
            }
        }
        recordEnd = (int) (json.position() - start);
        if (id == null || id.isEmpty()) {
            problem = "the record has no id";
        } else if (collection == null || collection.isEmpty()) {
            problem = "the record has no collection_id";
        }
    }

    /** Of two records in one message the last counts, as of two fields: nothing of the first may be left. */
    private void reset() {
        collection = null;
        id = null;
        version = null;
        versionProblem = NO_VERSION;
        deleted = false;
        problem = null;
    }

    private void readVersion(JsonScanner json) throws IOException {
        version = null;
        boolean quoted = json.peek() == '"';
        String digits = stringOrInteger(json);
        if (quoted || digits == null) {
            versionProblem = "its updated_idx is not a 64-bit integer";
            return;
        }
        try {
            version = Long.valueOf(digits);
        } catch (NumberFormatException tooLarge) {
            versionProblem = "its updated_idx does not fit into 64 bits";
        }
    }

    private void readDeleted(JsonScanner json) throws IOException {
        int first = json.peek();
        json.skipValue();
        deleted = first == 't';
        problem = "tfn".indexOf(first) < 0 ? "its deleted is neither true nor false" : null;
    }

    /** The next value, if it is a string or an integer, or null. */
    private static String stringOrInteger(JsonScanner json) throws IOException {
        int first = json.peek();
        long from = json.position();
        json.skipValue();
        try {
            String text = json.scalar(from);
            return first == '"' || isInteger(text) ? text : null;
        } catch (InvalidStringException e) {
            return null;
        }
    }

    private static boolean isInteger(String text) {
        int digits = text.startsWith("-") ? 1 : 0;
        for (int i = digits; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > digits;
    }
}
