package io.github.sequinroutes.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What a message says of itself outside the record's data: how the Consume API's message is laid out. */
final class Envelope {
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

    /** Reads the message at which the parser stands, and leaves the parser at its last token. */
    static Envelope read(JsonParser json, long start) throws IOException {
        Envelope envelope = new Envelope();
        if (json.currentToken() != JsonToken.START_OBJECT) {
            envelope.problem = "the message is not an object";
            json.skipChildren();
            json.finishToken();
            return envelope;
        }
        envelope.problem = "the message has no record";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "ack_token", "ack_id" -> envelope.ackToken = scalar(json);
                case "record" -> envelope.readRecord(json, start);
                default -> json.skipChildren();
            }
        }
        return envelope;
    }

    private void readRecord(JsonParser json, long start) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            problem = "the record is not an object";
            json.skipChildren();
            return;
        }
        forget();
        recordStart = (int) (json.currentTokenLocation().getByteOffset() - start);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> id = scalar(json);
                case "collection_id" -> collection = scalar(json);
                case "updated_idx" -> readVersion(json);
                case "deleted" -> readDeleted(json);
                default -> json.skipChildren();
            }
        }
        recordEnd = (int) (json.currentLocation().getByteOffset() - start);
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

    private void readVersion(JsonParser json) throws IOException {
        version = null;
        versionProblem = "its updated_idx is not a 64-bit integer";
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            try {
                version = Long.valueOf(json.getText());
            } catch (NumberFormatException tooLarge) {
                versionProblem = "its updated_idx does not fit into 64 bits";
            }
        }
        json.skipChildren();
    }

    private void readDeleted(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {
                problem = null;
                deleted = json.currentToken() == JsonToken.VALUE_TRUE;
            }
            default -> {
                problem = "its deleted is neither true nor false";
                json.skipChildren();
            }
        }
    }

    private static String scalar(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT -> json.getText();
            default -> {
                json.skipChildren();
                yield null;
            }
        };
    }
}
