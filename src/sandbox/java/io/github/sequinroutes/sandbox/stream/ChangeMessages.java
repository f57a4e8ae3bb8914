package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.sandbox.replication.Relation;
import io.github.sequinroutes.sandbox.replication.RowChange;
import io.github.sequinroutes.sandbox.replication.RowChange.Action;
import io.github.sequinroutes.sandbox.replication.Transaction;
import io.github.sequinroutes.sandbox.replication.Tuple;
import io.github.sequinroutes.sandbox.value.Catalog;
import io.github.sequinroutes.sandbox.value.ChangeValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Makes a sink's messages of changes. Not thread-safe. */
final class ChangeMessages {
    private final Metadata metadata;
    private final Catalog catalog;
    private final ChangeValues values = new ChangeValues();
    // by the description itself: an altered table has another
    private final Map<Relation, List<String>> primaryKeys = new HashMap<>();

    ChangeMessages(StreamSink sink, String database, Catalog catalog) {
        metadata = new Metadata(sink, database);
        this.catalog = catalog;
    }

    /** The message of a change. */
    StreamMessage of(Transaction transaction, RowChange change) {
        Relation relation = change.relation();
        List<JsonNode> row = values(change);
        List<String> key = key(relation, row);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("record", record(relation, row));
        data.set(
                "metadata",
                metadata.ofChange(
                        relation.schema(),
                        relation.table(),
                        key,
                        transaction.commitLsn(),
                        change.index(),
                        transaction.committed()));
        String action = change.action().name().toLowerCase(Locale.ROOT);
        data.put("action", action);
        data.set("changes", changes(change));
        return new StreamMessage(relation.qualifiedName(), key, action, data.toString());
    }

    private List<JsonNode> values(RowChange change) {
        List<JsonNode> row = new ArrayList<>();
        for (int i = 0; i < change.relation().columns().size(); i++) {
            boolean isUnchanged = change.row().isUnchanged(i);
            row.add(
                    isUnchanged && change.old() == null
                            ? values.unchanged()
                            : value(change.relation(), i, isUnchanged ? change.old() : change.row()));
        }
        return row;
    }

    private JsonNode value(Relation relation, int column, Tuple tuple) {
        return values.of(
                catalog.type(relation.columns().get(column).type()),
                tuple.texts().get(column));
    }

    private List<String> key(Relation relation, List<JsonNode> row) {
        List<String> names = primaryKeys.computeIfAbsent(relation, table -> catalog.primaryKey(table.oid()));
        List<String> key = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            if (names.contains(relation.columns().get(i).name())) {
                key.add(row.get(i).asText());
            }
        }
        return key;
    }

    private static ObjectNode record(Relation relation, List<JsonNode> row) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (int i = 0; i < row.size(); i++) {
            sorted.put(relation.columns().get(i).name(), row.get(i));
        }
        return JsonNodeFactory.instance.objectNode().setAll(sorted);
    }

    /** The old values of what an update changed, if the old row is known. */
    private JsonNode changes(RowChange change) {
        if (change.action() != Action.UPDATE) {
            return JsonNodeFactory.instance.nullNode();
        }
        Map<String, JsonNode> changed = new TreeMap<>();
        Tuple old = change.old();
        for (int i = 0; old != null && i < old.texts().size(); i++) {
            boolean isSame = change.row().isUnchanged(i)
                    || Objects.equals(old.texts().get(i), change.row().texts().get(i));
            if (!isSame) {
                changed.put(change.relation().columns().get(i).name(), value(change.relation(), i, old));
            }
        }
        return JsonNodeFactory.instance.objectNode().setAll(changed);
    }
}
