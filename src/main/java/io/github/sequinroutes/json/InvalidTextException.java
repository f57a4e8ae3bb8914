package io.github.sequinroutes.json;

import java.sql.SQLException;

/** A text that is not one in UTF-8: an error of SQLSTATE 22021, as the server's own about such texts are. */
public final class InvalidTextException extends SQLException {
    /** With the message, in words for a person. */
    public InvalidTextException(String message) {
        super(message, "22021");
    }
}
