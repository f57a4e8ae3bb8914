package io.github.sequinroutes.message;

/** The server's response is not a list of messages: truncated, an error page, or not this API. Nothing of it is acked. */
public final class UnreadableResponseException extends RuntimeException {
    /** With what is wrong; {@code cause} is what broke it off, or null if it came as a whole. */
    public UnreadableResponseException(String message, Throwable cause) {
        super(message, cause);
    }
}
