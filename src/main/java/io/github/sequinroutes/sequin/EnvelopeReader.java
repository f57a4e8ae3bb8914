package io.github.sequinroutes.sequin;

import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Envelope;
import io.github.sequinroutes.message.Spans;
import io.github.sequinroutes.message.Version;
import java.io.IOException;

/** What has been read of one message so far, in either API. Of two fields of one name the last counts. */
abstract class EnvelopeReader {
    final JsonScanner json;
    private final long messageStart;
    private final Spans tokens = new Spans();
    private String ackToken;
    private int recordStart;
    private int recordEnd;

    String collection;
    String id;
    Version version;
    String versionProblem;
    boolean isDeleted;
    boolean mayLackValues;
    boolean hasOldValues;
    String problem;

    EnvelopeReader(JsonScanner json) throws IOException {
        this.json = json;
        json.peek();
        messageStart = json.position();
    }

    /** Reads the fields of the message that comes next, an object. */
    abstract void readFields() throws IOException;

    final Envelope read() throws IOException {
        if (json.peek() == '{') {
            readFields();
        } else {
            problem = "the message is not an object";
            json.skipValue();
        }
        return new Envelope(
                ackToken,
                tokens,
                recordStart,
                recordEnd,
                collection,
                id,
                version,
                versionProblem,
                isDeleted,
                mayLackValues,
                hasOldValues,
                problem);
    }

    /** Reads the token that comes next. */
    final void readToken() throws IOException {
        json.peek();
        int from = position();
        ackToken = stringOrInteger();
        if (ackToken != null) {
            tokens.add(from, position());
        }
    }

    /** The token that has been read, or null. */
    final String ackToken() {
        return ackToken;
    }

    /** The record is what has been read since that position. */
    final void recordFrom(int start) {
        recordStart = start;
        recordEnd = position();
    }

    /** Where it is in the message. */
    final int position() {
        return (int) (json.position() - messageStart);
    }

    /** The next value, if it is a string or an integer, or null. */
    final String stringOrInteger() throws IOException {
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
