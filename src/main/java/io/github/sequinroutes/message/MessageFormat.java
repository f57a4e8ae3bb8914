package io.github.sequinroutes.message;

import io.github.sequinroutes.json.JsonScanner;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** How an API lays out its messages. Thread-safe. */
public interface MessageFormat {
    /**
     * Reads the message that comes next.
     *
     * @throws IOException if it is not JSON
     */
    Envelope read(JsonScanner json) throws IOException;

    /**
     * The deletion of a row under the key that it had before a change, of the same version; it has no token.
     *
     * @param key    the values of its key
     * @param former what these were before
     */
    Message departure(Message change, List<String> key, List<String> former);

    /** Whether the row of a message is told by values of its record, and its ID is only one of the ways to write these. */
    boolean hasKeysInRecords();

    /** The field of a message in which a record stands. */
    String recordField();

    /** The names with which the paths of a template can begin; empty if any can. */
    Set<String> roots();

    /** The first name of the paths that lead into the user's own data; the others lead to what the API says of it. */
    String dataField();

    /**
     * When a record has come to be as it is, in milliseconds since 1970; less than 0 if it does not say. Reads the whole
     * record: not for each.
     */
    long timeMillis(Message message);

    /** The paths of a record's version: of several, the first counts most. */
    List<List<String>> version();
}
