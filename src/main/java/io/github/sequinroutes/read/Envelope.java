package io.github.sequinroutes.read;

import java.io.IOException;
import java.util.regex.Pattern;

/** What a message says of itself outside the record's data: how the Consume API's message is laid out. */
final class Envelope {
    private static final Pattern INTEGER = Pattern.compile("-?\\d+");
    private static final String NO_VERSION = "it has no updated_idx";

    String ackToken;
    String collection;
    String id;
    Long version;
    boolean deleted;
    String problem;
    String versionProblem = NO_VERSION;
    int recordStart;
    int recordEnd;

    /** Reads a message. */
    static Envelope read(JsonScanner json) throws IOException {
        Envelope envelope = new Envelope();
        if (json.peek() != '{') {
            envelope.problem = "the message is not an object";
            json.skip();
            return envelope;
        }
        envelope.problem = "the message has no record";
        long start = json.position();
        json.open();
        while (json.more('}')) {
            switch (json.name()) {
                case "ack_token", "ack_id" -> envelope.ackToken = text(json);
                case "record" -> envelope.readRecord(json, start);
                default -> json.skip();
            }
        }
        return envelope;
    }

    private void readRecord(JsonScanner json, long start) throws IOException {
        if (json.peek() != '{') {
            problem = "the record is not an object";
            json.skip();
            return;
        }
        forget();
        recordStart = (int) (json.position() - start);
        json.open();
        while (json.more('}')) {
            switch (json.name()) {
                case "id" -> id = text(json);
                case "collection_id" -> collection = text(json);
                case "updated_idx" -> readVersion(json);
                case "deleted" -> readDeleted(json);
                default -> json.skip();
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
    private void forget() {
        collection = null;
        id = null;
        version = null;
        versionProblem = NO_VERSION;
        deleted = false;
        problem = null;
    }

    private void readVersion(JsonScanner json) throws IOException {
        version = null;
        versionProblem = "its updated_idx is not a 64-bit integer";
        boolean text = json.peek() == '"';
        String digits = text(json);
        if (!text && digits != null) {
            try {
                version = Long.valueOf(digits);
            } catch (NumberFormatException tooLarge) {
                versionProblem = "its updated_idx does not fit into 64 bits";
            }
        }
    }

    private void readDeleted(JsonScanner json) throws IOException {
        int first = json.peek();
        json.skip();
        deleted = first == 't';
        problem = "tfn".indexOf(first) < 0 ? "its deleted is neither true nor false" : null;
    }

    /** The next value, if it is a text or an integer, or null. */
    private static String text(JsonScanner json) throws IOException {
        int first = json.peek();
        long from = json.position();
        json.skip();
        try {
            String text = json.scalar(from);
            return first == '"' || INTEGER.matcher(text).matches() ? text : null;
        } catch (InvalidTextException e) {
            return null;
        }
    }
}
