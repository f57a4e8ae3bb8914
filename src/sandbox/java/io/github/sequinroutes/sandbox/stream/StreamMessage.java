package io.github.sequinroutes.sandbox.stream;

import java.util.List;

/**
 * A message of the Stream API, without its ack ID.
 *
 * @param collection schema and table of its row
 * @param key the row's primary key, empty if its table has none
 * @param action {@code insert}, {@code update}, {@code delete} or {@code read}
 * @param json its field {@code data}
 */
public record StreamMessage(String collection, List<String> key, String action, String json) {
    /** Which row it is about. */
    Row row() {
        return new Row(collection, key);
    }

    /** A row by its table and its key. */
    record Row(String collection, List<String> key) {}
}
