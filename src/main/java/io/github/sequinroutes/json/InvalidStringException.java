package io.github.sequinroutes.json;

import java.sql.SQLException;

/** A string that is not valid UTF-8. Its SQLSTATE is 22021, the server's own for such strings. */
public final class InvalidStringException extends SQLException {
    /** With the message, in words for a person. */
    public InvalidStringException(String message) {
        super(message, "22021");
    }
}
