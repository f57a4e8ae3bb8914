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
     * @param keyPaths the paths of the columns that make up its key
     * @return null if the message changes no key, or does not say what it was
     */
    Message departure(Message message, List<List<String>> keyPaths);

    /**
     * What tells the row of a message from those of others of its collection, the same in each of its messages.
     *
     * @param keyPaths the paths of the columns that make up its key, as far as they are known
     */
    String key(Message message, List<List<String>> keyPaths);

    /** The field of a message in which a record stands. */
    String recordField();

    /** The names with which the paths of a template can begin; empty if any can. */
    Set<String> roots();

    /** The first name of the paths that lead into the user's own data; the others lead to what the API says of it. */
    String dataField();
}
