package io.github.sequinroutes.sequin;

import io.github.sequinroutes.json.FieldNames;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Envelope;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.Version;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The messages of the Stream API: {@code {"ack_id": …, "data": {"record": …, "changes": …, "action": …, "metadata": …}}}, or
 * without {@code data} around the last four, as Sequin's documentation has it. The paths of a template start at the four.
 */
final class StreamFormat implements MessageFormat {
    private enum Field {
        TOKEN,
        DATA,
        RECORD,
        CHANGES,
        ACTION,
        METADATA,
        SCHEMA,
        TABLE,
        LSN,
        IDX,
        KEYS,
        IDEMPOTENCY_KEY,
        OTHER
    }

    private static final FieldNames<Field> OF_MESSAGE = new FieldNames<>(
            Map.of(
                    "ack_id", Field.TOKEN,
                    "ack_token", Field.TOKEN,
                    "data", Field.DATA,
                    "record", Field.RECORD,
                    "changes", Field.CHANGES,
                    "action", Field.ACTION,
                    "metadata", Field.METADATA),
            Field.OTHER);
    private static final FieldNames<Field> OF_METADATA = new FieldNames<>(
            Map.of(
                    "table_schema", Field.SCHEMA,
                    "table_name", Field.TABLE,
                    "commit_lsn", Field.LSN,
                    "commit_idx", Field.IDX,
                    "record_pks", Field.KEYS,
                    "idempotency_key", Field.IDEMPOTENCY_KEY),
            Field.OTHER);
    private static final Set<String> ROOTS = Set.of("record", "changes", "action", "metadata");
    private static final Set<String> ACTIONS = Set.of("insert", "update", "delete", "read");
    private static final String NO_CHANGE = ": a transform of the sink's would do that, and must be removed";

    private static final FieldNames<Boolean> TIMES = new FieldNames<>(Map.of("commit_timestamp", true), false);
    private static final FieldNames<Boolean> IS_METADATA = new FieldNames<>(Map.of("metadata", true), false);

    @Override
    public Envelope read(JsonScanner json) throws IOException {
        return new Reader(json).read();
    }

    @Override
    public String recordField() {
        return "data";
    }

    @Override
    public Set<String> roots() {
        return ROOTS;
    }

    @Override
    public String dataField() {
        return "record";
    }

    @Override
    public List<List<String>> version() {
        return List.of(List.of("metadata", "commit_lsn"), List.of("metadata", "commit_idx"));
    }

    @Override
    public Message departure(Message change, List<String> key, List<String> former) {
        return KeyChange.departure(change, key, former);
    }

    @Override
    public long timeMillis(Message message) {
        return RecordTime.millis(message, TIMES, IS_METADATA);
    }

    @Override
    public boolean hasKeysInRecords() {
        return true;
    }

    private static final class Reader extends EnvelopeReader {
        private boolean isNested;
        private boolean hasRecord;
        private boolean hasChanges;
        private String action;
        private String schema;
        private String table;
        private Long lsn;
        private Long idx;
        private boolean hasKeys;
        private String key;
        private String idempotencyKey;

        Reader(JsonScanner json) throws IOException {
            super(json);
            versionProblem = "it has no commit_lsn and commit_idx";
        }

        @Override
        void readFields() throws IOException {
            int start = position();
            json.beginObject();
            while (json.hasNext('}')) {
                Field field = json.selectName(OF_MESSAGE);
                switch (field) {
                    case TOKEN -> readToken();
                    case DATA -> readData();
                    default -> readField(isNested ? Field.OTHER : field);
                }
            }
            if (!isNested) {
                recordFrom(start);
            }
            interpret();
        }

        private void readData() throws IOException {
            isNested = true;
            reset();
            if (json.peek() != '{') {
                json.skipValue();
                return;
            }
            int start = position();
            json.beginObject();
            while (json.hasNext('}')) {
                readField(json.selectName(OF_MESSAGE));
            }
            recordFrom(start);
        }

        /** What stands outside {@code data}, or in an earlier one, is not meant. */
        private void reset() {
            hasRecord = false;
            hasChanges = false;
            action = null;
            resetMetadata();
        }

        private void resetMetadata() {
            schema = null;
            table = null;
            lsn = null;
            idx = null;
            hasKeys = false;
            key = null;
            idempotencyKey = null;
        }

        private void readField(Field field) throws IOException {
            switch (field) {
                case RECORD -> {
                    hasRecord = json.peek() == '{';
                    json.skipValue();
                }
                case CHANGES -> readChanges();
                case ACTION -> action = stringOrInteger();
                case METADATA -> readMetadata();
                default -> json.skipValue();
            }
        }

        private void readChanges() throws IOException {
            hasChanges = false;
            if (json.peek() != '{') {
                json.skipValue();
                return;
            }
            json.beginObject();
            while (json.hasNext('}')) {
                hasChanges = true;
                json.selectName(OF_MESSAGE);
                json.skipValue();
            }
        }

        private void readMetadata() throws IOException {
            resetMetadata();
            if (json.peek() != '{') {
                json.skipValue();
                return;
            }
            json.beginObject();
            while (json.hasNext('}')) {
                switch (json.selectName(OF_METADATA)) {
                    case SCHEMA -> schema = stringOrInteger();
                    case TABLE -> table = stringOrInteger();
                    case LSN -> lsn = number();
                    case IDX -> idx = number();
                    case KEYS -> readKeys();
                    case IDEMPOTENCY_KEY -> idempotencyKey = stringOrInteger();
                    default -> json.skipValue();
                }
            }
        }

        private Long number() throws IOException {
            boolean quoted = json.peek() == '"';
            String digits = stringOrInteger();
            try {
                return quoted || digits == null ? null : Long.valueOf(digits);
            } catch (NumberFormatException tooLarge) {
                return null;
            }
        }

        /** A key of one column is the ID as it is; any that would not be unique so is the ID as JSON. */
        private void readKeys() throws IOException {
            hasKeys = json.peek() == '[';
            key = null;
            if (!hasKeys) {
                json.skipValue();
                return;
            }
            long start = json.position();
            String first = null;
            int count = 0;
            json.beginArray();
            while (json.hasNext(']')) {
                String next = stringOrInteger();
                first = count++ == 0 ? next : first;
            }
            try {
                boolean isPlain = count == 1 && first != null && !first.isEmpty() && first.charAt(0) != '[';
                key = isPlain ? first : count == 0 || first == null ? null : json.rawString(start);
            } catch (InvalidStringException e) {
                key = null;
            }
            hasKeys = count == 0 || key != null;
        }

        private void interpret() {
            collection = isText(schema) && isText(table) ? schema + "." + table : null;
            // a row without a key is told from another by nothing: each change stands alone
            id = key == null ? idempotencyKey : key;
            if (key == null && id != null && "read".equals(action) && ackToken() != null) {
                id += ' ' + ackToken(); // the server gives all rows of a backfill the same key
            }
            isDeleted = "delete".equals(action);
            boolean isUpdate = "update".equals(action);
            mayLackValues = isUpdate && !hasChanges;
            hasOldValues = isUpdate && hasChanges;
            if ("read".equals(action)) {
                version = Version.READ;
            } else if (lsn != null && idx != null) {
                version = new Version(lsn, idx);
            }
            problem = problem();
        }

        private String problem() {
            if (!hasRecord || !ACTIONS.contains(String.valueOf(action))) {
                return "the message is no change of a row, with a record and an action" + NO_CHANGE;
            } else if (collection == null) {
                return "its metadata has no table_schema and table_name" + NO_CHANGE;
            } else if (!hasKeys || !isText(id)) {
                return "its metadata has no record_pks, or no idempotency_key, which tell which row it is";
            }
            return version == null ? versionProblem : null;
        }

        private static boolean isText(String text) {
            return text != null && !text.isEmpty();
        }
    }
}
