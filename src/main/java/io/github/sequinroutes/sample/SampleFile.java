package io.github.sequinroutes.sample;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.collection.PlacedText;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.failure.RelativePath;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.StoredMessages;
import io.github.sequinroutes.sequin.UnreadableResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    private final byte[] bytes;
    private final MessageFormat format;
    private final List<SampleRecord> records = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private SampleFile(String file, byte[] bytes, MessageFormat format) {
        this.file = file;
        this.bytes = bytes;
        this.format = format;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static SampleFile read(Path path, MessageFormat format) {
        try {
            SampleFile sample = new SampleFile(RelativePath.of(path.toString()), Files.readAllBytes(path), format);
            sample.read();
            return sample;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("--sample names a file that is not there: " + path, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("--sample " + path + " cannot be read", e);
        }
    }

    /** The messages that can belong to a collection. */
    public List<SampleRecord> records() {
        return records;
    }

    /** What is no message, with its place. */
    public List<Problem> problems() {
        return problems;
    }

    private void read() throws IOException {
        int from = 0;
        while (from >= 0) {
            from = readFrom(from);
        }
    }

    /** Reads values; returns where the next begins after one that is no JSON, or -1. */
    private int readFrom(int from) throws IOException {
        int start = from;
        try (JsonParser json = JSON.createParser(bytes, from, bytes.length - from)) {
            while (json.nextToken() != null) {
                start = from + (int) json.currentTokenLocation().getByteOffset();
                readValue(json, from, start);
            }
            return -1;
        } catch (JsonProcessingException e) {
            int at = e.getLocation() == null
                    ? start
                    : from + (int) Math.max(0, e.getLocation().getByteOffset());
            int end = lineEnd(start);
            // what is missing at the end of a line shows only on the next
            report(
                    at > end ? start : at,
                    "is not JSON: " + e.getOriginalMessage().replaceAll("\\s*\\(.*", ""));
            while (end < bytes.length && !(bytes[end] == '\n' && end + 1 < bytes.length && bytes[end + 1] == '{')) {
                end++;
            }
            return end < bytes.length ? end + 1 : -1;
        }
    }

    private int lineEnd(int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    /** A message, or those in a list or in a response. */
    private void readValue(JsonParser json, int from, int start) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                readValue(json, from, from + (int) json.currentTokenLocation().getByteOffset());
            }
            return;
        }
        json.skipChildren();
        byte[] value = Arrays.copyOfRange(
                bytes, start, from + (int) json.currentLocation().getByteOffset());
        JsonNode tree = JSON.readTree(value);
        if (tree.path("data").isArray()) {
            readResponse(start);
        } else {
            add(value, tree, start);
        }
    }

    /** The messages of a response, which stand in its field data. */
    private void readResponse(int from) throws IOException {
        try (JsonParser json = JSON.createParser(bytes, from, bytes.length - from)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isData = "data".equals(json.currentName());
                json.nextToken();
                if (isData) {
                    readValue(json, from, from);
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void report(int at, String problem) {
        Problem placed = PlacedText.read(place(at) + ": " + problem + "; write one message on each line", file);
        problems.add(placed);
    }

    private String place(int at) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        String before = new String(bytes, lineStart, at - lineStart, StandardCharsets.UTF_8);
        return file + ":" + line + ":" + (1 + before.codePointCount(0, before.length()));
    }

    private void add(byte[] value, JsonNode tree, int at) throws IOException {
        String problem;
        try {
            Message message = tree.isObject() && isBareRecord(tree)
                    ? Message.ofRecord(value, format, null, null, null)
                    : StoredMessages.read(value, format);
            problem = message.problem();
            if (problem == null) {
                records.add(new SampleRecord(place(at), message));
            }
        } catch (UnreadableResponseException e) {
            problem = e.getMessage();
        }
        if (problem != null) {
            String form = format.roots().isEmpty() ? ", or a record with id and collection_id" : "";
            problems.add(PlacedText.read(place(at) + ": " + problem + "; write it as the API sends it" + form, file));
        }
    }

    /** Of the Consume API a record says itself what it is. */
    private boolean isBareRecord(JsonNode tree) {
        return format.roots().isEmpty() && !tree.has("record") && !tree.has("ack_token");
    }
}
