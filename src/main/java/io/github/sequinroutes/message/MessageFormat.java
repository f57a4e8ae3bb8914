package io.github.sequinroutes.message;

import io.github.sequinroutes.json.JsonScanner;
import java.io.IOException;

/** How an API lays out its messages. Thread-safe. */
public interface MessageFormat {
    /**
     * Reads the message that comes next.
     *
     * @throws IOException if it is not JSON
     */
    Envelope read(JsonScanner json) throws IOException;

    /** The field of a message in which a record stands. */
    String recordField();

    /** The first name of the paths that lead into the user's own data; the others lead to what the API says of it. */
    String dataField();
}
