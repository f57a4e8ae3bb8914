package io.github.sequinroutes.sequin;

import io.github.sequinroutes.json.FieldNames;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/** Reads the time of a record from the message. */
final class RecordTime {
    private static final long UNKNOWN = -1;

    private RecordTime() {}

    /**
     * The newest time in some fields of a record, in milliseconds since 1970; less than 0 if there is none.
     *
     * @param times the fields
     * @param in    the field of the record in which they are, or null if they are in the record itself
     */
    static long millis(Message message, FieldNames<Boolean> times, FieldNames<Boolean> in) {
        JsonScanner json = new JsonScanner(message.bytes(), message.recordStart(), message.recordEnd());
        try {
            return in == null ? newest(json, times) : newestIn(json, times, in);
        } catch (IOException e) {
            return UNKNOWN; // whoever needs more of it says what is wrong
        }
    }

    private static long newestIn(JsonScanner json, FieldNames<Boolean> times, FieldNames<Boolean> in)
            throws IOException {
        long newest = UNKNOWN;
        json.peek();
        json.beginObject();
        while (json.hasNext('}')) {
            if (json.selectName(in) && json.peek() == '{') {
                newest = newest(json, times);
            } else {
                json.skipValue();
            }
        }
        return newest;
    }

    private static long newest(JsonScanner json, FieldNames<Boolean> times) throws IOException {
        long newest = UNKNOWN;
        json.peek();
        json.beginObject();
        while (json.hasNext('}')) {
            boolean isTime = json.selectName(times) && json.peek() == '"';
            json.peek();
            long from = json.position();
            json.skipValue();
            if (isTime) {
                newest = Math.max(newest, parse(json, from));
            }
        }
        return newest;
    }

    private static long parse(JsonScanner json, long from) {
        try {
            // Sequin writes some times with a space, and those have no zone
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    json.scalar(from).replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
            OffsetDateTime at =
                    time instanceof LocalDateTime local ? local.atOffset(ZoneOffset.UTC) : OffsetDateTime.from(time);
            return at.toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException | InvalidStringException e) {
            return UNKNOWN;
        }
    }
}
