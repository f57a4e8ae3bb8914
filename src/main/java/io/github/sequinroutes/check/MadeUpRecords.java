package io.github.sequinroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Messages of records that nobody has: each path of the templates has a value of the type that the server gives it. */
final class MadeUpRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Where a record says when it was changed, if it does. */
    static final String TIME = "upstream_updated_at";

    private static final String DELETE = "delete";
    private static final LocalDate FIRST_DAY = LocalDate.of(2025, 1, 1);

    /** What is, or can be, the same for all records of a collection. */
    private static final Set<String> OF_COLLECTION =
            Set.of("collection_id", "provider", "stream_id", "sync", "sync_id", "metadata", "upstream_created_at");

    /** What is another for each version. */
    private static final Set<String> OF_VERSION = Set.of("updated_idx", "inserted_at", "upstream_updated_at");

    /** Less than between the contents of messages that are compared. */
    private static final int SPREAD = 5;

    /** The number of a content that is none. */
    private static final int NONE = -1;

    private final String collection;
    private final MessageFormat format;
    private final Set<List<String>> keys;
    private final Map<List<String>, PathTypes.Type> types;
    private final List<List<String>> paths;
    private final boolean hasLists;
    private final boolean isSpread;

    /**
     * Records of a collection.
     *
     * @param types    the types of the paths
     * @param keys     the paths whose values stay the same for a record
     * @param hasLists whether what is JSON is a list; else it is an object
     * @param isSpread whether most paths have other numbers and times than the others; a table may want them equal, or in order
     */
    MadeUpRecords(
            CheckedCollection collection,
            Map<List<String>, PathTypes.Type> types,
            Set<List<String>> keys,
            boolean hasLists,
            boolean isSpread) {
        this.collection = collection.id();
        this.format = collection.format();
        this.types = types;
        this.keys = keys;
        this.hasLists = hasLists;
        this.isSpread = isSpread;
        // what is below another path is put into it
        paths = types.keySet().stream()
                .sorted(Comparator.<List<String>>comparingInt(List::size).thenComparing(Object::toString))
                .toList();
    }

    /**
     * A message.
     *
     * @param record  the number of the record, which says what its keys look like, as {@link MadeUpText} has it
     * @param version its version
     * @param content what its values are made from: of a larger number they are larger
     */
    Message written(int record, int version, int content) {
        return message(record, version, content, "update");
    }

    /** First messages whose IDs have other forms, and one that has no data. */
    List<Message> ofOtherForms() {
        return List.of(
                written(MadeUpText.FIRST_STRANGER, 10, 10),
                written(MadeUpText.FIRST_ALIKE, 10, 10),
                withoutData(1, 10));
    }

    /** A message of record 1 with a version that may be too large for what others are made from. */
    Message ofVersion(long version, int content) {
        ObjectNode values = values(1, content, content, "update");
        ObjectNode holder = format.roots().isEmpty() ? values : (ObjectNode) values.path("metadata");
        holder.put(format.roots().isEmpty() ? "updated_idx" : "commit_lsn", version);
        return message(values);
    }

    /** A message of which all data are null. */
    Message withoutData(int record, int version) {
        return message(values(record, version, NONE, "update"));
    }

    /** A deletion. */
    Message deleted(int record, int version) {
        return message(record, version, version, DELETE);
    }

    /** A message with this value at a path; null if it has none. */
    Message having(List<String> path, Object value, int record, int version, boolean isDeleted) {
        ObjectNode values = values(record, version, version, isDeleted ? DELETE : "update");
        put(values, path, value);
        return message(values);
    }

    /** The first message of record 1 with this action, as the Stream API has it: {@code insert}, or {@code read} by a backfill. */
    Message first(String action) {
        return message(1, 10, 10, action);
    }

    private Message message(int record, int version, int content, String action) {
        return message(values(record, version, content, action));
    }

    private ObjectNode values(int record, int version, int content, String action) {
        boolean isDeleted = action.equals(DELETE);
        ObjectNode values = JSON.createObjectNode();
        if (format.roots().isEmpty()) {
            values.put("id", "r" + record);
            values.put("collection_id", collection);
            values.put("provider", "made-up");
            values.put("upstream_id", "u" + record);
            values.put("inserted_at", day(version));
            values.put("upstream_created_at", day(1));
            values.put(TIME, day(version));
            putAll(values, record, version, content, isDeleted);
            values.put("updated_idx", version);
            values.put("deleted", isDeleted);
            if (isDeleted) {
                values.putNull(format.dataField());
            } else if (!values.path(format.dataField()).isContainerNode()) {
                values.putObject(format.dataField());
            }
        } else {
            values.putObject("record");
            ObjectNode metadata = values.putObject("metadata");
            metadata.put("table_schema", "public");
            metadata.put("table_name", "made_up");
            metadata.put("commit_timestamp", day(version));
            metadata.put("idempotency_key", "k" + record + "-" + version);
            metadata.putArray("record_pks").add(String.valueOf(record));
            putAll(values, record, version, content, isDeleted);
            metadata.put("commit_lsn", version);
            // of the pair the second number may be smaller in a newer version
            metadata.put("commit_idx", 1_000 - 2 * version);
            values.put("action", action);
            values.putNull("changes");
        }
        return values;
    }

    private Message message(ObjectNode values) {
        ObjectNode message = JSON.createObjectNode();
        message.set(format.recordField(), values);
        return StoredMessages.read(message.toString().getBytes(StandardCharsets.UTF_8), format);
    }

    private void putAll(ObjectNode values, int record, int version, int content, boolean isDeleted) {
        for (List<String> path : paths) {
            boolean isOfCollection = OF_COLLECTION.contains(path.get(0));
            boolean isKey = keys.contains(path) || isOfCollection;
            if (isOfCollection && isThere(values, path)) {
                continue;
            }
            boolean isLeftOut =
                    (isDeleted || content == NONE) && !isKey && path.get(0).equals(format.dataField());
            int own = isSpread ? content + paths.indexOf(path) % SPREAD : content;
            int number = isOfCollection ? 1 : isKey ? record : OF_VERSION.contains(path.get(0)) ? version : own;
            put(values, path, isLeftOut ? null : value(path, types.get(path), number));
        }
    }

    private static boolean isThere(JsonNode at, List<String> path) {
        JsonNode node = at;
        for (String name : path) {
            node = node.path(name);
        }
        return !node.isMissingNode();
    }

    private Object value(List<String> path, PathTypes.Type type, int number) {
        return switch (type.category()) {
            case "A" -> JSON.createArrayNode().addPOJO(value(path, type.element(), number));
            case "B" -> false;
            case "D" ->
                type.name().startsWith("time") && !type.name().startsWith("timestamp")
                        ? "10:%02d:00".formatted(number % 60)
                        : day(number);
            case "E" -> type.labels().get(number % type.labels().size());
            case "I" -> "10.0.0." + number;
            case "N" -> number;
            case "T" -> number + " days";
            default ->
                switch (type.name()) {
                    case "json", "jsonb" -> json(number);
                    case "uuid" ->
                        UUID.nameUUIDFromBytes(new byte[] {(byte) (number >> 8), (byte) number})
                                .toString();
                    case "bytea" -> "\\x%02x".formatted(number);
                    default -> MadeUpText.of(path, number);
                };
        };
    }

    private Object json(int number) {
        ObjectNode object = JSON.createObjectNode().put("id", "v" + number).put("n", number);
        return hasLists ? JSON.createArrayNode().add(object) : object;
    }

    private static String day(int number) {
        return FIRST_DAY.plusDays(number) + "T10:00:00Z";
    }

    private static void put(ObjectNode at, List<String> path, Object value) {
        ObjectNode node = at;
        for (String name : path.subList(0, path.size() - 1)) {
            node = node.path(name).isObject() ? (ObjectNode) node.path(name) : node.putObject(name);
        }
        String last = path.get(path.size() - 1);
        if (value instanceof JsonNode tree) {
            node.set(last, tree);
        } else {
            node.putPOJO(last, value);
        }
    }
}
