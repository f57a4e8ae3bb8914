package io.github.sequinroutes.sample;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.failure.RelativePath;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.StoredMessages;
import io.github.sequinroutes.sequin.UnreadableResponseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the messages in a file: one after the other, usually each on a line, as the API sends them or without what is around
 * a record; or a whole response of the API, or a list.
 */
public final class SampleFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String file;
    private final MessageFormat format;
    private final List<SampleRecord> records = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private SampleFile(String file, MessageFormat format) {
        this.file = file;
        this.format = format;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static SampleFile read(Path path, MessageFormat format) {
        SampleFile sample = new SampleFile(RelativePath.of(path.toString()), format);
        try {
            sample.read(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new IllegalArgumentException("--sample " + path + " cannot be read", e);
        }
        return sample;
    }

    /** The messages that can belong to a collection. */
    public List<SampleRecord> records() {
        return records;
    }

    /** What is no message, with its place. */
    public List<Problem> problems() {
        return problems;
    }

    private void read(byte[] bytes) throws IOException {
        try (JsonParser json = JSON.createParser(bytes)) {
            try {
                while (json.nextToken() != null) {
                    readValue(json, bytes, json.currentTokenLocation());
                }
            } catch (JsonProcessingException e) {
                JsonLocation at = e.getLocation() == null ? JsonLocation.NA : e.getLocation();
                String problem = "is not JSON: " + e.getOriginalMessage() + "; write one message on each line";
                problems.add(
                        new Problem(file, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()), false, problem));
            }
        }
    }

    /** A message, or those in a list or in a response. */
    private void readValue(JsonParser json, byte[] bytes, JsonLocation at) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                readValue(json, bytes, json.currentTokenLocation());
            }
            return;
        }
        json.skipChildren();
        int start = (int) at.getByteOffset();
        byte[] value =
                Arrays.copyOfRange(bytes, start, (int) json.currentLocation().getByteOffset());
        JsonNode tree = JSON.readTree(value);
        if (tree.path("data").isArray()) {
            readResponse(bytes, at);
        } else {
            add(value, tree, at);
        }
    }

    /** The messages of a response, where they stand. */
    private void readResponse(byte[] bytes, JsonLocation at) throws IOException {
        int offset = (int) at.getByteOffset();
        try (JsonParser json = JSON.createParser(bytes, offset, bytes.length - offset)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isData = "data".equals(json.currentName());
                json.nextToken();
                if (!isData) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    JsonLocation item = json.currentTokenLocation();
                    json.skipChildren();
                    int start = offset + (int) item.getByteOffset();
                    int end = offset + (int) json.currentLocation().getByteOffset();
                    byte[] value = Arrays.copyOfRange(bytes, start, end);
                    add(value, JSON.readTree(value), at);
                }
            }
        }
    }

    private void add(byte[] value, JsonNode tree, JsonLocation at) throws IOException {
        String place = file + ":" + at.getLineNr() + ":" + at.getColumnNr();
        String problem;
        try {
            boolean isBare = tree.isObject() && isBareRecord(tree);
            Message message =
                    isBare ? Message.ofRecord(value, format, null, null, null) : StoredMessages.read(value, format);
            problem = message.problem();
            if (problem == null) {
                records.add(new SampleRecord(place, message));
            }
        } catch (UnreadableResponseException e) {
            problem = e.getMessage();
        }
        if (problem != null) {
            problems.add(new Problem(
                    file,
                    at.getLineNr(),
                    at.getColumnNr(),
                    false,
                    problem + "; write it as the API sends it"
                            + (format.roots().isEmpty() ? ", or a record with id and collection_id" : "")));
        }
    }

    /** Of the Consume API a record says itself what it is. */
    private boolean isBareRecord(JsonNode tree) {
        return format.roots().isEmpty() && !tree.has("record") && !tree.has("ack_token");
    }
}
