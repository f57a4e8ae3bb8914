package io.github.sequinroutes.json;

import java.io.IOException;

/** The input is not JSON; says at which byte. */
public final class InvalidJsonException extends IOException {
    /** With what is wrong, in words for a person. */
    public InvalidJsonException(String message) {
        super(message);
    }
}
