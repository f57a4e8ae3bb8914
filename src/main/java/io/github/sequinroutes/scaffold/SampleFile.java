package io.github.sequinroutes.scaffold;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Records in a file: one JSON value after another, each a record, a message with one, or a response with several. */
public final class SampleFile {
    private static final List<String> RESPONSE = List.of("data", "info");

    private final Path file;
    private final List<JsonNode> records = new ArrayList<>();

    private SampleFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it has something else, with its place
     */
    public static SampleFile read(Path file) throws IOException {
        SampleFile sample = new SampleFile(file);
        try (Reader text = Files.newBufferedReader(file);
                JsonParser json = RecordJson.MAPPER.createParser(text)) {
            while (json.nextToken() != null) {
                JsonLocation place = json.currentTokenLocation();
                sample.add(RecordJson.MAPPER.readTree(json), place);
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("--sample " + file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ":1:1: is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw sample.wrong(e.getLocation(), "is not JSON: " + RecordJson.problem(e));
        }
        return sample;
    }

    private IllegalArgumentException wrong(JsonLocation place, String problem) {
        return new IllegalArgumentException(
                file + ":" + place.getLineNr() + ":" + place.getColumnNr() + ": " + problem);
    }

    private void add(JsonNode value, JsonLocation place) {
        boolean isResponse = value.path("data").isArray() && RESPONSE.containsAll(RecordJson.names(value));
        if (value.isArray() || isResponse) {
            (isResponse ? value.get("data") : value).forEach(one -> add(one, place));
            return;
        }
        JsonNode record = value.path("record").isObject() ? value.get("record") : value;
        if (!record.isObject() || !(record.has("data") || record.path("deleted").asBoolean())) {
            throw wrong(
                    place,
                    "is no record: it has no data. A line is a record as the API sends it, such as"
                            + " {\"id\": \"1\", \"collection_id\": \"stripe:customer\", \"updated_idx\": 1, \"data\": {\"email\": \"a@b.c\"}}");
        }
        records.add(record);
    }

    /**
     * What the records of a collection look like; one that says no collection is of any.
     *
     * @throws IllegalArgumentException if there is none with data
     */
    public RecordShape shape(String collection) {
        RecordShape shape = new RecordShape();
        TreeSet<String> others = new TreeSet<>();
        for (JsonNode record : records) {
            String id = record.path("collection_id").asText(collection);
            if (id.equals(collection)) {
                shape.add(record);
            } else {
                others.add(id);
            }
        }
        if (shape.records() == 0) {
            throw new IllegalArgumentException("--sample " + file + " has no record of " + collection + " with data"
                    + (others.isEmpty() ? "" : "; it has some of " + String.join(", ", others)));
        }
        return shape;
    }
}
