package io.github.sequinroutes.sequin;

import io.github.sequinroutes.json.FieldNames;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Envelope;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.Version;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The messages of the Consume API: {@code {"ack_token": …, "record": {"id": …, "updated_idx": …, "data": {…}}}}. */
final class ConsumeFormat implements MessageFormat {
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

    private static final FieldNames<Boolean> TIMES =
            new FieldNames<>(Map.of("inserted_at", true, "updated_at", true, "upstream_updated_at", true), false);

    @Override
    public Envelope read(JsonScanner json) throws IOException {
        return new Reader(json).read();
    }

    /** Of the times in it, which differ in what they are about, the newest. */
    @Override
    public long timeMillis(Message message) {
        return RecordTime.millis(message, TIMES, null);
    }

    @Override
    public boolean hasKeysInRecords() {
        return false;
    }

    @Override
    public String recordField() {
        return "record";
    }

    @Override
    public Set<String> roots() {
        return Set.of();
    }

    @Override
    public String dataField() {
        return "data";
    }

    @Override
    public List<List<String>> version() {
        return List.of(List.of("updated_idx"));
    }

    @Override
    public Message departure(Message change, List<String> key, List<String> former) {
        throw new UnsupportedOperationException("the ID of a record never changes");
    }

    private static final class Reader extends EnvelopeReader {
        Reader(JsonScanner json) throws IOException {
            super(json);
            problem = "the message has no record";
            versionProblem = NO_VERSION;
        }

        @Override
        void readFields() throws IOException {
            json.beginObject();
            while (json.hasNext('}')) {
                switch (json.selectName(OF_MESSAGE)) {
                    case TOKEN -> readToken();
                    case RECORD -> readRecord();
                    default -> json.skipValue();
                }
            }
        }

        private void readRecord() throws IOException {
            reset();
            if (json.peek() != '{') {
                problem = "the record is not an object";
                json.skipValue();
                return;
            }
            int start = position();
            json.beginObject();
            while (json.hasNext('}')) {
                switch (json.selectName(OF_RECORD)) {
                    case ID -> id = stringOrInteger();
                    case COLLECTION -> collection = stringOrInteger();
                    case VERSION -> readVersion();
                    case DELETED -> readDeleted();
                    default -> json.skipValue();
                }
            }
            recordFrom(start);
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
            isDeleted = false;
            problem = null;
        }

        private void readVersion() throws IOException {
            version = null;
            boolean quoted = json.peek() == '"';
            String digits = stringOrInteger();
            if (quoted || digits == null) {
                versionProblem = "its updated_idx is not a 64-bit integer";
                return;
            }
            try {
                version = new Version(Long.parseLong(digits));
            } catch (NumberFormatException tooLarge) {
                versionProblem = "its updated_idx does not fit into 64 bits";
            }
        }

        private void readDeleted() throws IOException {
            int first = json.peek();
            json.skipValue();
            isDeleted = first == 't';
            problem = "tfn".indexOf(first) < 0 ? "its deleted is neither true nor false" : null;
        }
    }
}
