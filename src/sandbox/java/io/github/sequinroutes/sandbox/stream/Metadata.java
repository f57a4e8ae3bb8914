package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** The field {@code metadata} of a sink's messages. */
final class Metadata {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final StreamSink sink;
    private final String database;
    private final String databaseId;

    Metadata(StreamSink sink, String database) {
        this.sink = sink;
        this.database = database;
        databaseId = UUID.nameUUIDFromBytes(utf8(database)).toString();
    }

    /** Of a change. */
    ObjectNode ofChange(String schema, String table, List<String> key, long lsn, int index, Instant committed) {
        ObjectNode metadata = common(schema, table, key);
        metadata.put("commit_idx", index);
        metadata.put("commit_lsn", lsn);
        metadata.put("commit_timestamp", MICROS.format(committed));
        return metadata.put("idempotency_key", base64(lsn + ":" + index));
    }

    /** Of a row that a backfill reads. */
    ObjectNode ofRead(String schema, String table, List<String> key, String backfill, Instant read) {
        ObjectNode metadata = common(schema, table, key);
        metadata.putNull("commit_idx");
        metadata.putNull("commit_lsn");
        metadata.put("commit_timestamp", MICROS.format(read));
        return metadata.put("idempotency_key", base64(backfill + ":" + String.join(":", key)));
    }

    private ObjectNode common(String schema, String table, List<String> key) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        ObjectNode source = metadata.putObject("database").put("id", databaseId).put("name", database);
        source.put("hostname", "127.0.0.1").put("database", database).putObject("annotations");
        metadata.putObject("consumer")
                .put("id", sink.id())
                .put("name", sink.name())
                .putObject("annotations");
        metadata.put("table_name", table).put("table_schema", schema);
        metadata.putNull("transaction_annotations").putNull("enrichment");
        key.forEach(metadata.putArray("record_pks")::add);
        return metadata.put("database_name", database);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(utf8(text));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
