package io.github.sequinroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Messages of records that nobody has: each path of the templates has a value of the type that the server gives it. */
final class MadeUpRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LocalDate FIRST_DAY = LocalDate.of(2025, 1, 1);

    /** What is the same for all records of a collection. */
    private static final Set<String> OF_COLLECTION =
            Set.of("collection_id", "provider", "stream_id", "sync", "sync_id", "metadata");

    /** What stays the same for a record. */
    private static final Set<String> OF_RECORD = Set.of("upstream_created_at");

    /** What is another for each version. */
    private static final Set<String> OF_VERSION = Set.of("updated_idx", "inserted_at", "upstream_updated_at");

    private static final String TYPE = """
            with recursive base as (
              select t.*, 0 as depth from pg_type t where t.oid = ?::text::regtype
              union all
              select t.*, depth + 1 from base b join pg_type t on t.oid = b.typbasetype where b.typtype = 'd')
            select typname, typcategory, array(select enumlabel::text from pg_enum where enumtypid = base.oid order by enumsortorder),
              case when typcategory = 'A' then typelem::regtype::text end
            from base order by depth desc limit 1""";

    private final Connection connection;
    private final String collection;
    private final MessageFormat format;
    private final Set<List<String>> keys;
    private final Map<List<String>, Type> types = new HashMap<>();
    private final List<List<String>> paths;
    private final boolean hasLists;

    private record Type(String name, String category, List<String> labels, Type element) {}

    /**
     * Records of a collection.
     *
     * @param types    the types of the paths
     * @param keys     the paths whose values stay the same for a record
     * @param hasLists whether what is JSON is a list; else it is an object
     */
    MadeUpRecords(
            Connection connection,
            CheckedCollection collection,
            Map<List<String>, String> types,
            Set<List<String>> keys,
            boolean hasLists)
            throws SQLException {
        this.connection = connection;
        this.collection = collection.id();
        this.format = collection.format();
        this.keys = keys;
        this.hasLists = hasLists;
        Map<String, Type> known = new HashMap<>();
        for (Map.Entry<List<String>, String> path : types.entrySet()) {
            if (!known.containsKey(path.getValue())) {
                known.put(path.getValue(), type(path.getValue()));
            }
            this.types.put(path.getKey(), known.get(path.getValue()));
        }
        // what is below another path is put into it
        paths = types.keySet().stream()
                .sorted(Comparator.<List<String>>comparingInt(List::size).thenComparing(Object::toString))
                .toList();
    }

    private Type type(String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TYPE)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return new Type("text", "S", List.of(), null);
                }
                String element = row.getString(4);
                return new Type(
                        row.getString(1),
                        row.getString(2),
                        List.of((String[]) row.getArray(3).getArray()),
                        element == null ? null : type(element));
            }
        }
    }

    /**
     * A message.
     *
     * @param record  the number of the record
     * @param version its version
     * @param content what its values are made from: of a larger number they are larger
     */
    Message written(int record, int version, int content) {
        return message(record, version, content, false);
    }

    /** A deletion. */
    Message deleted(int record, int version) {
        return message(record, version, version, true);
    }

    private Message message(int record, int version, int content, boolean isDeleted) {
        ObjectNode values = JSON.createObjectNode();
        if (format.roots().isEmpty()) {
            values.put("id", "r" + record);
            values.put("collection_id", collection);
            values.put("provider", "made-up");
            values.put("upstream_id", "u" + record);
            values.put("inserted_at", day(version));
            values.put("upstream_created_at", day(record));
            values.put("upstream_updated_at", day(version));
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
            metadata.put("commit_idx", 0);
            values.put("action", isDeleted ? "delete" : "update");
            values.putNull("changes");
        }
        ObjectNode message = JSON.createObjectNode();
        message.set(format.recordField(), values);
        return StoredMessages.read(message.toString().getBytes(StandardCharsets.UTF_8), format);
    }

    private void putAll(ObjectNode values, int record, int version, int content, boolean isDeleted) {
        for (List<String> path : paths) {
            boolean isKey = keys.contains(path) || (path.size() == 1 && OF_RECORD.contains(path.get(0)));
            boolean isOfCollection = OF_COLLECTION.contains(path.get(0));
            if (isOfCollection && isThere(values, path)) {
                continue;
            }
            boolean isLeftOut = isDeleted && !isKey && path.get(0).equals(format.dataField());
            int number = isOfCollection ? 1 : isKey ? record : OF_VERSION.contains(path.get(0)) ? version : content;
            put(values, path, isLeftOut ? null : value(types.get(path), number));
        }
    }

    private static boolean isThere(JsonNode at, List<String> path) {
        JsonNode node = at;
        for (String name : path) {
            node = node.path(name);
        }
        return !node.isMissingNode();
    }

    private Object value(Type type, int number) {
        return switch (type.category()) {
            case "A" -> JSON.createArrayNode().addPOJO(value(type.element(), number));
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
                        UUID.nameUUIDFromBytes(new byte[] {(byte) number}).toString();
                    case "bytea" -> "\\x%02x".formatted(number);
                    default -> "v" + number;
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
