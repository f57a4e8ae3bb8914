package io.github.sequinroutes.deadletter;

import io.github.sequinroutes.database.ArrayParameter;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Version;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The dead letters that are still to be replayed, as they matter to newer versions; those of other consumers as well: a
 * consumer may have got another name. Thread-safe.
 */
public final class OpenDeadLetters {
    private static final int FETCHED = 8;

    /** That a row is missing, or what it should hold. */
    private static final String NO_DATA = "02000";

    // what the ledger knows as written was whole, or needed none of these; a dead letter has the key of its row, or, if
    // that was not known yet, the ID as received
    private static final String FORSAKEN = """
            select position, d.message, d.version, d.id, d.consumer
            from unnest(cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as numeric[]))
              with ordinality as r (collection, id, key, version, position)
            join sequin.dead_letters as d
              on d.record_id in (r.id, r.key) and d.collection = r.collection and d.version < r.version
            left join sequin.versions as v on v.collection = r.collection and v.id = r.key
            where d.replayed_at is null
              and (v.version is null or d.version > v.version + v.place * 0.0000000001) order by position, d.version desc""";

    private final String consumer;

    private record Older(BigDecimal version, long id, String consumer) {}

    /** Which versions rows have. */
    public interface StoredVersions {
        /** The version of the row that a record means, or null if there is none, or it is not known. */
        Version of(Connection connection, Message record) throws SQLException;
    }

    /** As this consumer sees them. */
    public OpenDeadLetters(String consumer) {
        this.consumer = consumer;
    }

    /**
     * Checks that no update leaves out a value that has not changed since a version that is a dead letter: it would have
     * the row look as new as it is, with the value of before.
     *
     * @param stored tells of rows that the ledger does not know: one that is newer than a dead letter needs none of it
     * @throws RecordFaultException if some do
     */
    public void requireNoneBefore(Connection connection, List<Message> messages, StoredVersions stored)
            throws SQLException {
        List<Message> updates = messages.stream().filter(Message::lacksValues).toList();
        if (updates.isEmpty()) {
            return; // nearly always
        }
        Map<Message, Older> candidates = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(FORSAKEN)) {
            ArrayParameter.bind(statement, 1, "text", updates, Message::collection);
            ArrayParameter.bind(statement, 2, "text", updates, message -> Storable.text(message.id()));
            ArrayParameter.bind(statement, 3, "text", updates, message -> Storable.text(message.key()));
            ArrayParameter.bind(statement, 4, "numeric", updates, message -> number(message.version()));
            statement.setFetchSize(FETCHED); // a row that is bad all the time has many, and each may be large
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Message update = updates.get(row.getInt(1) - 1);
                    // the newest of those that matter is enough
                    if (!candidates.containsKey(update) && update.leavesOutWhatIsIn(row.getString(2))) {
                        candidates.put(update, new Older(row.getBigDecimal(3), row.getLong(4), row.getString(5)));
                    }
                }
            }
        }
        List<RecordFaultException> forsaken = new ArrayList<>();
        for (Map.Entry<Message, Older> candidate : candidates.entrySet()) {
            Version version = stored.of(connection, candidate.getKey());
            Older older = candidate.getValue();
            if (version == null || version.toBigDecimal().compareTo(older.version) < 0) {
                forsaken.add(new RecordFaultException(candidate.getKey(), failure(name(older))));
            }
        }
        if (!forsaken.isEmpty()) {
            throw RecordFaultException.of(forsaken);
        }
    }

    private String name(Older older) {
        return "dead letter " + older.id
                + (older.consumer.equals(consumer) ? "" : " of the consumer " + older.consumer);
    }

    /**
     * Why such an update is not written.
     *
     * @param older what the older version is, as in "is dead letter 7"
     */
    public static SQLException failure(String older) {
        return new SQLException(
                "it leaves out values that have not changed since an older version of its row, which is " + older
                        + ": replay both",
                NO_DATA);
    }

    private static BigDecimal number(Version version) {
        return version == null ? null : version.toBigDecimal();
    }
}
