package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.sandbox.replication.ReplicationSlot;
import io.github.sequinroutes.sandbox.value.Catalog;
import io.github.sequinroutes.sandbox.value.ReadValues;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.postgresql.replication.LogSequenceNumber;

/** Reads all rows of a table as they are now, and offers them to a sink. A row that changes meanwhile is left out. */
final class Backfill {
    private static final long PATIENCE_MILLIS = 60_000;

    private record Column(String name, int type, int modifier, boolean isKey) {}

    private final String url;
    private final ReplicationSlot slot;
    private final Catalog catalog;
    private final ReadValues values = new ReadValues();
    private final String id = UUID.randomUUID().toString();

    Backfill(String url, ReplicationSlot slot, Catalog catalog) {
        this.url = url;
        this.slot = slot;
        this.catalog = catalog;
    }

    /**
     * Does it.
     *
     * @return how many rows it read
     * @throws IllegalStateException if the slot does not come to where the table was read within a minute
     */
    int run(StreamSink sink, String schema, String table) throws SQLException, InterruptedException {
        List<StreamMessage> reads = List.of();
        sink.watchChanges();
        try (Connection connection =
                DriverManager.getConnection(url + (url.contains("?") ? "&" : "?") + "preferQueryMode=simple")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set time zone 'UTC'");
                List<StreamMessage> all =
                        read(statement, new Metadata(sink, connection.getCatalog()), connection, schema, table);
                // what the rows read may have become is in the sink before them, and leaves them out
                long end = position(statement);
                if (!slot.await(end, PATIENCE_MILLIS)) {
                    throw new IllegalStateException("The slot has not come to " + LogSequenceNumber.valueOf(end)
                            + " within " + PATIENCE_MILLIS + " ms; has it halted?");
                }
                reads = all;
            }
        } finally {
            sink.offerReads(reads);
        }
        return reads.size();
    }

    private static long position(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select pg_current_wal_lsn()")) {
            row.next();
            return LogSequenceNumber.valueOf(row.getString(1)).asLong();
        }
    }

    private List<StreamMessage> read(
            Statement statement, Metadata metadata, Connection connection, String schema, String table)
            throws SQLException {
        List<Column> columns = columns(connection, schema, table);
        List<StreamMessage> reads = new ArrayList<>();
        String name = "\"" + schema.replace("\"", "\"\"") + "\".\"" + table.replace("\"", "\"\"") + "\"";
        try (ResultSet rows = statement.executeQuery("select * from " + name)) {
            while (rows.next()) {
                Map<String, JsonNode> record = new TreeMap<>();
                List<String> key = new ArrayList<>();
                for (Column column : columns) {
                    JsonNode value =
                            values.of(catalog.type(column.type()), column.modifier(), rows.getString(column.name()));
                    record.put(column.name(), value);
                    if (column.isKey()) {
                        key.add(value.asText());
                    }
                }
                ObjectNode data = JsonNodeFactory.instance.objectNode();
                data.set("record", JsonNodeFactory.instance.objectNode().setAll(record));
                data.set("metadata", metadata.ofRead(schema, table, key, id, Instant.now()));
                data.put("action", "read").putNull("changes");
                reads.add(new StreamMessage(schema + "." + table, key, "read", data.toString()));
            }
        }
        return reads;
    }

    private static List<Column> columns(Connection connection, String schema, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select attname, atttypid::int8, atttypmod,"
                + " exists (select from pg_index where indrelid = attrelid and indisprimary and attnum = any(indkey))"
                + " from pg_attribute where attnum > 0 and not attisdropped and attrelid ="
                + " (select c.oid from pg_class c join pg_namespace n on n.oid = relnamespace"
                + " where nspname = ? and relname = ?) order by attnum")) {
            query.setString(1, schema);
            query.setString(2, table);
            List<Column> columns = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.add(new Column(rows.getString(1), rows.getInt(2), rows.getInt(3), rows.getBoolean(4)));
                }
            }
            return columns;
        }
    }
}
