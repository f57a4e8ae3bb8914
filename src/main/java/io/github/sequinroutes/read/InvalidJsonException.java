package io.github.sequinroutes.read;

import java.io.IOException;

/** The input is not JSON; says at which byte. */
final class InvalidJsonException extends IOException {
    InvalidJsonException(String message) {
        super(message);
    }
}
