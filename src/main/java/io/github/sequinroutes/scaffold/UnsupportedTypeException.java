package io.github.sequinroutes.scaffold;

/** A type that cannot be created in another database by its definition. */
final class UnsupportedTypeException extends Exception {
    UnsupportedTypeException(String message) {
        super(message);
    }
}
