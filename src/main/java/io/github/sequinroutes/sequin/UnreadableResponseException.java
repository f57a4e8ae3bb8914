package io.github.sequinroutes.sequin;

/** The server's response is not a list of messages: truncated, an error page, or not this API. Nothing of it is acked. */
public final class UnreadableResponseException extends RuntimeException {
    UnreadableResponseException(String message, Throwable cause) {
        super(message, cause);
    }
}
