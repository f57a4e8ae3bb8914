package io.github.sequinroutes.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.database.ArrayParameter;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Version;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The dead letters of a consumer that are still to be replayed, as they matter to newer versions. Thread-safe. */
public final class OpenDeadLetters {
    /** That a row is missing, or what it should hold. */
    private static final String NO_DATA = "02000";

    // what the ledger knows as written was whole, or needed none of these
    private static final String FORSAKEN = """
            select position, d.message
            from unnest(cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as numeric[]), cast(? as numeric[]))
              with ordinality as r (collection, id, key, since, version, position)
            join sequin.dead_letters as d on d.record_id = r.id and d.collection = r.collection and d.version < r.version
              and (r.since is null or d.version > r.since)
            left join sequin.versions as v on v.collection = r.collection and v.id = r.key
            where d.consumer = ? and d.replayed_at is null
              and (v.version is null or d.version > v.version + v.place * 0.0000000001) order by position""";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String consumer;

    /** Those of this consumer. */
    public OpenDeadLetters(String consumer) {
        this.consumer = consumer;
    }

    /**
     * Checks that no update leaves out a value that has not changed since a version that is a dead letter: it would have
     * the row look as new as it is, with the value of before.
     *
     * @throws RecordFaultException if some do
     */
    public void requireNoneBefore(Connection connection, List<Message> messages) throws SQLException {
        List<Message> updates = messages.stream().filter(Message::lacksValues).toList();
        if (updates.isEmpty()) {
            return; // nearly always
        }
        Set<Message> forsaken = new LinkedHashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(FORSAKEN)) {
            ArrayParameter.bind(statement, 1, "text", updates, Message::collection);
            ArrayParameter.bind(statement, 2, "text", updates, message -> Storable.text(message.id()));
            ArrayParameter.bind(statement, 3, "text", updates, Message::key);
            ArrayParameter.bind(statement, 4, "numeric", updates, message -> number(message.versionBefore()));
            ArrayParameter.bind(statement, 5, "numeric", updates, message -> number(message.version()));
            statement.setString(6, consumer);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Message update = updates.get(row.getInt(1) - 1);
                    if (brings(row.getString(2), update)) {
                        forsaken.add(update);
                    }
                }
            }
        }
        if (!forsaken.isEmpty()) {
            throw RecordFaultException.of(List.copyOf(forsaken), failure());
        }
    }

    /** Why such an update is not written. */
    public static SQLException failure() {
        return new SQLException(
                "it leaves out values that have not changed since an older version of its row, which is a dead letter:"
                        + " replay both",
                NO_DATA);
    }

    /** Whether a dead letter has a value that the update leaves out: one that left it out as well does not matter. */
    private static boolean brings(String deadLetter, Message update) {
        try {
            JsonNode before = record(deadLetter);
            for (Map.Entry<String, JsonNode> column : record(update.text()).properties()) {
                if (isUnchanged(column.getValue()) && !isUnchanged(before.path(column.getKey()))) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException e) {
            return true; // of which nothing is known
        }
    }

    private static JsonNode record(String message) throws JsonProcessingException {
        JsonNode whole = JSON.readTree(message);
        return (whole.has("data") ? whole.path("data") : whole).path("record");
    }

    private static boolean isUnchanged(JsonNode value) {
        return Message.UNCHANGED.equals(value.textValue());
    }

    private static BigDecimal number(Version version) {
        return version == null ? null : version.toBigDecimal();
    }
}
