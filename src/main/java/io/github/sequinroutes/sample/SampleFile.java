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
import io.github.sequinroutes.message.UnreadableResponseException;
import io.github.sequinroutes.scaffold.RecordJson;
import io.github.sequinroutes.sequin.StoredMessages;
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
    private static final ObjectMapper JSON = RecordJson.MAPPER;
    private static final String SPACE = " \t\r\n";
    /** With which a line begins that is not the first of a value. */
    private static final String REST = SPACE + "]},";

    private final String file;
    private final byte[] bytes;
    private final MessageFormat format;
    private final List<SampleRecord> records = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> unreadable = new ArrayList<>();

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

    /** All messages: those as well that become dead letters because of what they lack. */
    public List<Message> messages() {
        return messages;
    }

    /** Those of the problems because of which something in the file cannot be read as a message at all. */
    public List<Problem> unreadable() {
        return unreadable;
    }

    private void read() throws IOException {
        int from = 0;
        while (from >= 0) {
            from = readFrom(from);
        }
    }

    /** Reads values; returns where to go on after one that is no JSON, or -1. */
    private int readFrom(int from) throws IOException {
        int start = skipSpace(from);
        try (JsonParser json = JSON.createParser(bytes, from, bytes.length - from)) {
            while (json.nextToken() != null) {
                start = from + (int) json.currentTokenLocation().getByteOffset();
                readValue(json, from, start);
                start = skipSpace(from + (int) json.currentLocation().getByteOffset());
            }
            return -1;
        } catch (JsonProcessingException e) {
            int at = e.getLocation() == null
                    ? start
                    : from + (int) Math.max(0, e.getLocation().getByteOffset());
            // what is missing at the end of a line shows only where the next begins, or the file ends
            boolean isOpen = at >= bytes.length || (at > start && bytes[at - 1] == '\n');
            String found = e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
            report(
                    isOpen ? start : Math.max(start, at),
                    isOpen && !found.startsWith("Unrecognized token") ? "what begins here has no end" : found);
            return nextLine(start);
        }
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < bytes.length && SPACE.indexOf(bytes[at]) >= 0) {
            at++;
        }
        return at;
    }

    /** Where the next line begins that is not the rest of a value of several lines, or -1. */
    private int nextLine(int from) {
        for (int at = from + 1; at < bytes.length; at++) {
            if (bytes[at - 1] == '\n' && REST.indexOf(bytes[at]) < 0) {
                return at;
            }
        }
        return -1;
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
        // a record may have a list there, too
        if (tree.path("data").isArray() && !tree.has("collection_id")) {
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
        Problem placed =
                PlacedText.read(place(at) + ": is not JSON: " + problem + "; write one message on each line", file);
        problems.add(placed);
        unreadable.add(placed);
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
        boolean isMessage = tree.isObject();
        try {
            Message message = tree.isObject() && isBareRecord(tree)
                    ? Message.ofRecord(value, format, null, null, null)
                    : StoredMessages.read(value, format);
            problem = message.problem();
            if (isMessage) {
                messages.add(message);
            }
            if (problem == null) {
                records.add(new SampleRecord(place(at), message));
            }
        } catch (UnreadableResponseException e) {
            problem = e.getMessage();
            isMessage = false;
        }
        if (problem != null) {
            String form = format.roots().isEmpty() ? ", or a record with id and collection_id" : "";
            Problem placed =
                    PlacedText.read(place(at) + ": " + problem + "; write it as the API sends it" + form, file);
            problems.add(placed);
            if (!isMessage) {
                unreadable.add(placed);
            }
        }
    }

    /** Of the Consume API a record says itself what it is. */
    private boolean isBareRecord(JsonNode tree) {
        return format.roots().isEmpty() && !tree.has("record") && !tree.has("ack_token");
    }
}
