package io.github.sequinroutes.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A message of a sample.
 *
 * @param place   where it stands, as {@code file:line:column}
 * @param message the message
 */
public record SampleRecord(String place, Message message) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** That in which the paths of a template start, to look for names in it; values may lose digits. */
    JsonNode tree() {
        try {
            int start = message.recordStart();
            return JSON.readTree(message.bytes(), start, message.recordEnd() - start);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it has been read before
        }
    }

    /** How it is called in messages: by its ID. */
    String name() {
        return "record " + message.id();
    }
}
