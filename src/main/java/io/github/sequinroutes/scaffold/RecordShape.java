package io.github.sequinroutes.scaffold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.sequinroutes.scaffold.FieldShape.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the records of one collection look like: of each field of their data, the kinds of values that it has. */
public final class RecordShape {
    private static final Logger LOG = LoggerFactory.getLogger(RecordShape.class);

    private final FieldShape data;
    private int records;
    private boolean isIdUpstream = true;

    /** That of no record yet. */
    public RecordShape() {
        this(new FieldShape());
    }

    private RecordShape(FieldShape data) {
        this.data = data;
    }

    /** That of records which nobody has seen: their data is so, and nobody knows what {@code data.id} is. */
    static RecordShape declared(FieldShape data) {
        RecordShape shape = new RecordShape(data);
        shape.isIdUpstream = false;
        return shape;
    }

    /** Adds a record, as JSON; one that cannot be read says nothing. */
    public void add(String record) {
        try {
            add(RecordJson.MAPPER.readTree(record));
        } catch (JsonProcessingException e) {
            LOG.debug("A record cannot be read", e); // the others say enough
        }
    }

    /** Adds a record; one without data, such as a deletion, says nothing. */
    void add(JsonNode record) {
        JsonNode found = record.path("data");
        if (found.isMissingNode()
                || found.isNull()
                || (found.isEmpty() && record.path("deleted").asBoolean())) {
            return;
        }
        records++;
        data.see(found);
        JsonNode id = found.path("id");
        if (!id.isMissingNode()
                && !(id.isValueNode()
                        && id.asText().equals(record.path("upstream_id").asText("")))) {
            isIdUpstream = false;
        }
    }

    /** The number of records with data that were seen; 0 if a schema has declared them. */
    public int records() {
        return records;
    }

    /** Their data. */
    FieldShape data() {
        return data;
    }

    /** Whether {@code data.id} says nothing that {@code upstream_id} does not. */
    boolean isIdUpstream() {
        return isIdUpstream;
    }

    /** Whether there is data that is no object, or an empty one: it has no fields to write into columns. */
    boolean hasOtherData() {
        return !data.is(Kind.OBJECT) || data.fields().isEmpty();
    }
}
