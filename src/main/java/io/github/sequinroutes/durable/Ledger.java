package io.github.sequinroutes.durable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.github.sequinroutes.judge.MalformedRecordException;
import io.github.sequinroutes.read.Group;
import io.github.sequinroutes.read.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** What the table {@code sequin.versions} is told and asked: which versions of which records have been written. */
public final class Ledger {
    /** Escapes what is not ASCII: a half of a surrogate pair must reach the server, which refuses it, as it is. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /**
     * The records of a group, as JSON.
     *
     * @throws SQLException if one has no version
     */
    public String entries(Group group) throws SQLException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (Message message : group) {
                if (message.version() == null) {
                    throw new MalformedRecordException("the ledger needs a version: " + message.versionProblem());
                }
                json.writeStartObject();
                json.writeStringField("id", message.id());
                json.writeNumberField("version", message.version());
                json.writeBooleanField("deleted", message.isDeleted());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter has none
        }
        return text.toString();
    }

    /** Those of a group that the ledger has accepted, because it holds no newer version of them. */
    public Group accepted(@Body Iterable<Map<String, Object>> rows, @Variable("group") Group group) {
        Set<String> ids = new java.util.HashSet<>();
        rows.forEach(row -> ids.add((String) row.get("id")));
        return group.only(message -> ids.contains(message.id()));
    }
}
