package io.github.sequinroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.StoredMessages;
import io.github.sequinroutes.sequin.UnreadableResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of sample records as JSON, one a line: records, or messages as the API delivers them. Blank lines are skipped.
 *
 * @param messages one for each line that can be read
 * @param problems what is wrong with the others
 */
record SampleFile(List<Message> messages, List<Problem> problems) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Reads a file.
     *
     * @param format how the API lays out its messages
     * @throws IOException if it cannot be read
     */
    static SampleFile read(Path file, MessageFormat format) throws IOException {
        List<Message> messages = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int line = 0;
        // not by a decoder, which would fail at the first line that is not UTF-8
        for (String text : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
            line++;
            String json = line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
            if (json.isBlank()) {
                continue;
            }
            try {
                messages.add(read(json, format));
            } catch (JsonProcessingException e) {
                int column = e.getLocation() == null
                        ? 1
                        : Math.max(1, e.getLocation().getColumnNr());
                problems.add(problem(file, line, column, "the line is not one JSON value: " + e.getOriginalMessage()));
            } catch (IOException | UnreadableResponseException e) {
                problems.add(problem(file, line, 1, "the line is not a record: " + e.getMessage()));
            }
        }
        return new SampleFile(List.copyOf(messages), List.copyOf(problems));
    }

    private static Problem problem(Path file, int line, int column, String text) {
        return new Problem(
                file.toString(), line, column, false, text.lines().findFirst().orElse(text));
    }

    private static Message read(String line, MessageFormat format) throws IOException {
        byte[] bytes = line.strip().getBytes(StandardCharsets.UTF_8);
        JsonNode json = JSON.readTree(bytes);
        if (!json.isObject()) {
            throw new IOException("it is no object");
        }
        boolean isMessage = json.path(format.recordField()).isObject() && !json.has("collection_id");
        return isMessage ? StoredMessages.read(bytes, format) : Message.ofRecord(bytes, format, null, null, null);
    }
}
