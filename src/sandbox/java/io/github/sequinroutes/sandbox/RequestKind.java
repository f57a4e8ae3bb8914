package io.github.sequinroutes.sandbox;

/** What a request asks for, by its path. */
public enum RequestKind {
    /** Messages. */
    NEXT,
    /** To acknowledge messages. */
    ACK,
    /** To give messages back. */
    NACK,
    /** Anything else. */
    OTHER;

    /** The kind of a request, in either API. */
    public static RequestKind of(String path) {
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "next", "receive" -> NEXT;
            case "ack" -> ACK;
            case "nack" -> NACK;
            default -> OTHER;
        };
    }
}
