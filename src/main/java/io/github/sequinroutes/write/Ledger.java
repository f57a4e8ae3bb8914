package io.github.sequinroutes.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The table {@code sequin.versions}: which versions of which records have been written. */
final class Ledger {
    /** Escapes what is not ASCII: a half of a surrogate pair must reach the server, which refuses it, as it is. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    // locks the rows in the order of the keys, so that two workers cannot deadlock
    private static final String ACCEPT = """
            insert into sequin.versions as v (collection, id, version, place, deleted)
            select r.collection, r.id, r.version, r.place, r.deleted
            from json_to_recordset(cast(? as json))
              as r (collection text, id text, version bigint, place bigint, deleted boolean)
            order by r.id, r.collection
            on conflict (collection, id) do update set
              version = excluded.version, place = excluded.place, deleted = excluded.deleted,
              changed_at = excluded.changed_at
            where (v.version, v.place) <= (excluded.version, excluded.place)
            returning collection, id""";

    private Ledger() {}

    /**
     * Notes the versions that are not older than what the ledger holds, locks their rows, and returns their records.
     *
     * @param records each with a version
     */
    static List<Message> accept(Connection connection, List<Message> records) throws SQLException {
        Set<List<String>> accepted = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(ACCEPT)) {
            statement.setString(1, entries(records));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    accepted.add(List.of(row.getString(1), row.getString(2)));
                }
            }
        }
        List<Message> newer = new ArrayList<>();
        for (Message record : records) {
            if (accepted.contains(List.of(record.collection(), record.id()))) {
                newer.add(record);
            }
        }
        return newer;
    }

    private static String entries(List<Message> records) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (Message record : records) {
                json.writeStartObject();
                json.writeStringField("collection", record.collection());
                json.writeStringField("id", record.id());
                json.writeNumberField("version", record.version().number());
                json.writeNumberField("place", record.version().place());
                json.writeBooleanField("deleted", record.isDeleted());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter has none
        }
        return text.toString();
    }
}
