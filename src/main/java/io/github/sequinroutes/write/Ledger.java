package io.github.sequinroutes.write;

import io.github.sequinroutes.database.ArrayParameter;
import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.message.Message;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table {@code sequin.versions}: which versions of which records have been written. */
final class Ledger {
    private static final String ENTRIES = """
            unnest(cast(? as text[]), cast(? as text[]), cast(? as bigint[]), cast(? as bigint[]), cast(? as boolean[]))
            with ordinality as r (collection, id, version, place, deleted, position)""";

    // locks the rows in the order of the keys, so that two workers cannot deadlock; leaves alone what is indexed, which
    // costs PostgreSQL a third less
    private static final String ACCEPT = """
            insert into sequin.versions as v (collection, id, version, place, deleted)
            select collection, id, version, place, deleted from %s order by id, collection
            on conflict (collection, id) do update set
              version = excluded.version, place = excluded.place, deleted = excluded.deleted,
              changed_at = case when excluded.deleted then excluded.changed_at else v.changed_at end
            where (v.version, v.place) <= (excluded.version, excluded.place)""".formatted(ENTRIES);

    private static final String REFUSED = """
            select position, v.deleted from %s join sequin.versions as v using (collection, id)
            where (v.version, v.place) > (r.version, r.place)""".formatted(ENTRIES);

    private static final String DELETED = """
            select position from %s join sequin.versions as v using (collection, id)
            where v.deleted and (v.version, v.place) < (r.version, r.place)""".formatted(ENTRIES);

    private static final String NO_DATA = "02000";

    private Ledger() {}

    /**
     * Checks that no update leaves out a value after the deletion of its row: it is that of another row, which has got the
     * key since.
     *
     * @throws RecordFaultException if some do
     */
    static void requireAlive(Connection connection, List<Message> records) throws SQLException {
        List<Message> updates = records.stream().filter(Message::lacksValues).toList();
        if (updates.isEmpty()) {
            return; // nearly always
        }
        requireText(updates);
        List<Message> deleted = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(DELETED)) {
            bind(statement, 0, updates);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    deleted.add(updates.get(row.getInt(1) - 1));
                }
            }
        }
        if (!deleted.isEmpty()) {
            throw RecordFaultException.of(
                    deleted,
                    new SQLException(
                            "the row with this key is deleted, and the message is of another one that has got the key since,"
                                    + " and leaves out values that have not changed. In the source, write them anew, or set"
                                    + " the replica identity of the table to full and update the row; then replay this"
                                    + " message",
                            NO_DATA));
        }
    }

    /**
     * What the ledger says of records.
     *
     * @param accepted those whose versions are not older than what it holds
     * @param read     those of the others that a backfill has read, if their rows are not known to be deleted: they may
     *                 be missing for another reason
     */
    record Verdict(List<Message> accepted, List<Message> read) {}

    /**
     * Notes the versions that are not older than what the ledger holds, and locks the rows of all.
     *
     * @param trip    what goes to the server with it
     * @param records each with a version, and each once
     */
    static Verdict accept(Connection connection, RoundTrip trip, List<Message> records) throws SQLException {
        requireText(records);
        try (RoundTrip.Prepared prepared = trip.prepare(connection, ACCEPT)) {
            bind(prepared.statement(), prepared.before(), records);
            if (prepared.executeUpdate() == records.size()) {
                return new Verdict(records, List.of()); // nearly always
            }
        }
        Map<Integer, Boolean> refused = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(REFUSED)) {
            bind(statement, 0, records);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    refused.put(row.getInt(1) - 1, row.getBoolean(2));
                }
            }
        }
        Verdict verdict = new Verdict(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < records.size(); i++) {
            Message record = records.get(i);
            if (!refused.containsKey(i)) {
                verdict.accepted.add(record);
            } else if (record.isRead() && !refused.get(i)) {
                verdict.read.add(record);
            }
        }
        return verdict;
    }

    /** The driver would silently write a ? for half of a surrogate pair, which is another ID. */
    private static void requireText(List<Message> records) throws RecordFaultException {
        CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
        for (Message record : records) {
            if (!utf8.canEncode(record.key()) || !utf8.canEncode(record.collection())) {
                throw new RecordFaultException(
                        record,
                        new InvalidStringException(
                                "its ID holds half of a surrogate pair, which UTF-8 cannot express"));
            }
        }
    }

    private static void bind(PreparedStatement statement, int before, List<Message> records) throws SQLException {
        ArrayParameter.bind(statement, before + 1, "text", records, Message::collection);
        ArrayParameter.bind(statement, before + 2, "text", records, Message::key);
        ArrayParameter.bind(statement, before + 3, "int8", records, record -> record.version()
                .number());
        ArrayParameter.bind(statement, before + 4, "int8", records, record -> record.version()
                .place());
        ArrayParameter.bind(statement, before + 5, "bool", records, Message::isDeleted);
    }
}
