package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** An error that the server answers a request with. */
final class StreamError extends Exception {
    private final int status;
    private final String body;
    private final boolean isException;

    private StreamError(int status, String body, boolean isException) {
        super(status + " " + body);
        this.status = status;
        this.body = body;
        this.isException = isException;
    }

    /** One that the server means, with a summary. */
    static StreamError refusal(int status, String summary) {
        String body =
                JsonNodeFactory.instance.objectNode().put("summary", summary).toString();
        return new StreamError(status, body, false);
    }

    /** The server knows no such path. */
    static StreamError unknownPath() {
        return new StreamError(404, "{\"errors\":{\"detail\":\"Not Found\"}}", false);
    }

    /** One that an exception makes, in JSON: the connection is of no use any more. */
    static StreamError exception(int status) {
        return new StreamError(status, "{\"errors\":{\"detail\":\"" + reason(status) + "\"}}", true);
    }

    /** The server is not yet there. */
    static StreamError booting() {
        return new StreamError(500, "", false);
    }

    /** What a status is called. */
    static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 406 -> "Not Acceptable";
            default -> "Internal Server Error";
        };
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }

    /** Whether a second status line follows, and the connection's end. */
    boolean isException() {
        return isException;
    }
}
